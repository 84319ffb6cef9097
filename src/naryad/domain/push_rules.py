from dataclasses import dataclass


@dataclass
class Recipient:
    id: object
    zone: object


def reason_to_push(change, job, worker, now):
    return None
