from contextlib import asynccontextmanager


class Doorbell:
    def __init__(self, c):
        self.c = c

    def ring(self, a):
        pass


@asynccontextmanager
async def open_doorbell(dsn):
    yield Doorbell(None)
