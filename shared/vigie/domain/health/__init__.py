"""How a stack is: what its health report says, and which of it somebody must see to."""
