"""tus 1.0.0 (https://tus.io/protocols/resumable-upload): files that arrive over networks that come and go."""
