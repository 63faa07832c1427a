//! The public form of keys.
#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use super::*;

/// The key of RFC 7517 appendix A.1; its thumbprint was computed with another implementation (Python's `hashlib`).
#[test]
fn a_thumbprint_is_that_of_rfc_7638() {
    let x = "MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4";
    let y = "4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM";
    assert_eq!(thumbprint(x, y), "cn-I_WNMClehiVp51i_0VpOENW1upEerA8sEam5hn-s");
}

#[test]
fn the_key_set_holds_public_members_only() {
    let signer = Signer::new(std::sync::Arc::new(KeyRing::ephemeral().unwrap())).unwrap();
    let set = signer.key_set();
    let key = set.pointer("/keys/0").unwrap().as_object().unwrap();
    let mut members: Vec<_> = key.keys().map(String::as_str).collect();
    members.sort_unstable();
    assert_eq!(members, ["alg", "crv", "kid", "kty", "use", "x", "y"]);
    let coordinate = |name: &str| URL_SAFE_NO_PAD.decode(key.get(name).unwrap().as_str().unwrap()).unwrap().len();
    assert_eq!((coordinate("x"), coordinate("y")), (32, 32));
}
