from dataclasses import dataclass


@dataclass
class Intent:
    @staticmethod
    def of(*a):
        return Intent()


async def add_intents(connection, account_id, intents):
    pass


async def pushes_of_job(c, a, j):
    return []
