"""What every API of the service shares: requests and refusals, signatures, shapes, XML."""
