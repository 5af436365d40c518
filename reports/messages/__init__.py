"""Write messages to people (mail, chats): what one says is a value, how it looks is a body made of it."""
