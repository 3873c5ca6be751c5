"""The regulation read out of the sources: clause → rule → code → pages → letters → tests (`make regulation`)."""
