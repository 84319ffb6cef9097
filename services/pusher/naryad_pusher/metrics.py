"""What an operator watches of the pusher."""

from prometheus_client import Counter, Gauge, Histogram

SETTLED = Counter("naryad_push_deliveries", "Deliveries settled, by channel and state.", ["channel", "state"])
SETTLED_LATE = Counter(
    "naryad_push_settled_late", "Deliveries whose lease ran out before they were settled.", ["channel"]
)
TO_PROVIDER = Histogram(
    "naryad_push_seconds",
    "From the commit of a change to its message taken by the provider.",
    ["channel"],
    buckets=(0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15, 60, 300),
)
RESTING = Gauge(
    "naryad_push_channel_resting", "1 while a failing provider is left alone, by channel.", ["channel"]
)
RETIRED = Counter(
    "naryad_push_tokens_refused", "Registrations turned off: the provider no longer knows them.", ["channel"]
)
HELD_BACK = Counter(
    "naryad_push_retirements_held_back",
    "Refused tokens kept registered, because too many were refused at once.",
    ["channel"],
)
FELL_OVER = Counter("naryad_push_loops_fell_over", "Loops that met a fault and were started again.", ["loop"])
