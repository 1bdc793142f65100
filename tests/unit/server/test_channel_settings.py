"""Half a channel is told before anything that takes time."""

from __future__ import annotations

import subprocess
import sys

import pytest

from botkit.server.channel_settings import check_channel_settings
from botkit.settings import SettingsError


@pytest.mark.parametrize(
    "name",
    [
        "BOTKIT_TELEGRAM_SECRET",
        "BOTKIT_WECHAT_AES_KEY",
        "BOTKIT_WECHAT_TOKEN",
        "BOTKIT_SMS_NUMBER",
        "BOTKIT_IVR_PATIENCE",
    ],
)
def test_one_variable_alone_is_refused(name: str) -> None:
    with pytest.raises(SettingsError, match="BOTKIT_"):
        check_channel_settings({name: "3"})


def test_no_channel_is_none_too_few() -> None:
    check_channel_settings({"BOTKIT_TELEGRAM_TOKEN": "", "BOTKIT_PORT": "5005"})


def test_it_does_not_import_rasa() -> None:
    """Before the model is loaded it is settled without TensorFlow; whoever imports Rasa earlier undoes that."""
    program = "import sys, botkit.server.run; sys.exit('rasa' in sys.modules or 'tensorflow' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program]).returncode == 0
