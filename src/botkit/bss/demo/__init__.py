"""星桥移动, the fictional demo operator: its published catalogue and customers whose stories are alive on any day."""
