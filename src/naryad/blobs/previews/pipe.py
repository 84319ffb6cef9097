"""How API and preview process speak: a request is a head and the picture, an answer a head and its body."""

import struct

REQUEST = struct.Struct("!IQ")
"""The longest side, and how many bytes follow."""

ANSWER = struct.Struct("!BI")
"""MADE (a JPEG follows) or REFUSED (a reason follows), and how many bytes follow."""

MADE, REFUSED = 0, 1
