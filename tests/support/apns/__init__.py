"""Two fakes of Apple's push service, independent of each other, and what is needed to talk to them."""
