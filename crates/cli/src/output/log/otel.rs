//! The address of a collector comes in; a layer that sends spans there goes out, and what sends the rest at the end (OTLP).

use anyhow::{Context, Result};
use opentelemetry::trace::TracerProvider as _;
use opentelemetry_otlp::{Protocol, SpanExporter, WithExportConfig as _};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::trace::{SdkTracerProvider, Tracer};
use tracing::Subscriber;
use tracing_opentelemetry::OpenTelemetryLayer;
use tracing_subscriber::registry::LookupSpan;

/// Sends what is left when it is dropped.
pub(crate) struct Sender(SdkTracerProvider);

impl Drop for Sender {
    fn drop(&mut self) {
        // Nobody is there any more who could be told.
        drop(self.0.shutdown());
    }
}

/// A layer for spans, which are sent in batches from a thread of their own: nobody waits for the collector.
pub(super) fn layer<S>(endpoint: &str) -> Result<(OpenTelemetryLayer<S, Tracer>, Sender)>
where
    S: Subscriber + for<'a> LookupSpan<'a>,
{
    let address = format!("{}/v1/traces", endpoint.trim_end_matches('/'));
    let exporter = SpanExporter::builder().with_http().with_protocol(Protocol::HttpBinary).with_endpoint(address);
    let exporter = exporter.build().context("cannot send traces there")?;
    let resource = Resource::builder().with_service_name("wayfarer").build();
    let provider = SdkTracerProvider::builder().with_batch_exporter(exporter).with_resource(resource).build();
    let layer = tracing_opentelemetry::layer().with_tracer(provider.tracer("wayfarer"));
    Ok((layer, Sender(provider)))
}
