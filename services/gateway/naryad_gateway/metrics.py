"""What the gateway counts."""

from prometheus_client import Counter, Gauge

STREAMS = Gauge("naryad_gateway_streams", "Open streams.", ["audience"])
EVENTS = Counter("naryad_gateway_events_total", "Changes taken up from the history.")
RESYNCS = Counter("naryad_gateway_resyncs_total", "Gaps announced to streams.", ["reason"])
READS = Counter("naryad_gateway_database_reads_total", "Reads of histories.", ["purpose"])
DROPPED = Counter("naryad_gateway_dropped_total", "Connections cut because the reader did not read.")
ENDED = Counter("naryad_gateway_ended_total", "Streams told to come back.", ["reason"])
LISTENER_SILENT = Gauge(
    "naryad_gateway_listener_silent_seconds", "Since the LISTEN connection last proved to live."
)
