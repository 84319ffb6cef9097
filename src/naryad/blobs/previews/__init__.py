"""Previews: small pictures made anew from the pixels of a photo, in a process of their own with limits."""
