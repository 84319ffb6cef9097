"""The live gateway: every change of an account as it happens, over SSE and WebSocket.

A ring of encoded frames per account, a position per stream; a gap is announced, never silent.
"""
