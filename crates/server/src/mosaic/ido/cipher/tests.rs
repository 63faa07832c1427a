#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test may stop at the first surprise"
)]

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use wayfarer_step::Secret;

use super::{agree_with, decrypt, encrypt};

fn key() -> Secret<Vec<u8>> {
    Secret::new((0..32).collect())
}

fn hex(text: &str) -> Vec<u8> {
    (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).unwrap()).collect()
}

#[test]
fn it_is_the_cipher_of_the_standard() {
    // NIST SP 800-38A, F.2.5: the first block of CBC-AES256.
    let key = Secret::new(hex("603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4"));
    let (iv, first) = (hex("000102030405060708090a0b0c0d0e0f"), hex("f58c4c04d6e5f1ba779eabfb5f7bfbd6"));
    // A block of padding, encrypted under the first as its vector, ends the text.
    let padding = "\u{10}".repeat(16);
    let plain = hex("6bc1bee22e409f96e93d7e117393172a");
    let whole = {
        use aws_lc_rs::cipher::{AES_256, EncryptionContext, PaddedBlockEncryptingKey, UnboundCipherKey};
        let key = UnboundCipherKey::new(&AES_256, key.expose()).unwrap();
        let iv: [u8; 16] = iv.clone().try_into().unwrap();
        let mut bytes = plain.clone();
        let context = EncryptionContext::Iv128(iv.into());
        PaddedBlockEncryptingKey::cbc_pkcs7(key).unwrap().less_safe_encrypt(&mut bytes, context).unwrap();
        bytes
    };
    assert_eq!((&whole[..16], whole.len()), (&first[..], 16 + padding.len()));
    let opened = decrypt(&key, &STANDARD.encode(iv), &STANDARD.encode(whole)).unwrap();
    assert_eq!(opened.expose(), &plain);
}

#[test]
fn what_is_encrypted_is_decrypted_and_never_looks_the_same() {
    for text in ["", "{}", "fifteen bytes..", "sixteen bytes...", "ä".repeat(999).as_str()] {
        let (one, other) = (encrypt(&key(), text).unwrap(), encrypt(&key(), text).unwrap());
        assert_ne!((&one.iv, &one.text), (&other.iv, &other.text));
        assert_eq!(decrypt(&key(), &one.iv, &one.text).unwrap().expose(), text.as_bytes());
    }
}

#[test]
fn what_was_not_encrypted_so_is_refused() {
    let good = encrypt(&key(), "{}").unwrap();
    let block = STANDARD.encode([7; 16]);
    let short = STANDARD.encode([7; 15]);
    for (iv, text) in [
        ("", &*good.text),
        (&*short, &*good.text),
        ("!", &*good.text),
        (&*good.iv, ""),
        (&*good.iv, "!"),
        (&*good.iv, &*short),
    ] {
        assert!(decrypt(&key(), iv, text).is_none(), "{iv} {text}");
    }
    assert!(decrypt(&Secret::new(vec![9; 32]), &block, &block).is_none(), "no padding");
    assert!(decrypt(&Secret::new(vec![9; 31]), &good.iv, &good.text).is_none(), "no key");
}

#[test]
fn only_points_of_the_curve_are_agreed_with() {
    let good = agree_with(&agree_with(&STANDARD.encode(generator())).unwrap().point).unwrap();
    assert_eq!(good.key.expose().len(), 32);
    let mut off = generator();
    off[64] ^= 1;
    let mut compressed = generator()[..33].to_vec();
    compressed[0] = 3;
    for bad in [off, compressed, vec![0; 65], vec![0], Vec::new(), [generator(), vec![0]].concat()] {
        assert!(agree_with(&STANDARD.encode(&bad)).is_none(), "{bad:?}");
    }
    assert!(agree_with("not base64!").is_none());
}

/// The base point of P-256 (FIPS 186-4, D.1.2.3).
fn generator() -> Vec<u8> {
    hex(concat!(
        "04",
        "6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296",
        "4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5",
    ))
}
