"""botkit: a self-service assistant for a mobile operator's customers, in Chinese, on Rasa."""
