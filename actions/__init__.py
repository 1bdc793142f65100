"""The bot's actions for rasa-sdk: slots in, one call to a service, a reply out. Served by `rasa run actions` or in process."""

from __future__ import annotations

from rasa_sdk import Action

from actions import balance, bill, compare, fiveg, follow_up, human, plans, recommend, terms, usage, verify
from actions.services import Services

ACTIONS = (
    balance.ShowBalance,
    bill.ExplainCharge,
    bill.ShowBill,
    compare.ComparePlans,
    fiveg.AskDeviceBrand,
    fiveg.AskDeviceConfirmed,
    fiveg.AskDeviceModel,
    fiveg.GuideStep,
    fiveg.SaPackUnused,
    fiveg.StartGuide,
    fiveg.StartSetup,
    fiveg.ValidateDeviceForm,
    follow_up.Abort,
    follow_up.Affirm,
    follow_up.Deny,
    follow_up.Help,
    follow_up.Inform,
    follow_up.More,
    follow_up.Why,
    human.Clarify,
    human.Complain,
    human.RequestHuman,
    human.Vent,
    plans.ListPlans,
    plans.ShowContract,
    plans.ShowMyPlan,
    plans.ShowPlan,
    recommend.CancelService,
    recommend.ChangePlan,
    recommend.FindBiggerPlan,
    recommend.FindCheaperPlan,
    recommend.OrderAddOn,
    terms.ExplainTerm,
    usage.ShowUsage,
    verify.AfterVerification,
    verify.AskLoginCode,
    verify.AskLoginPhone,
    verify.ResendCode,
    verify.SignIn,
    verify.SignOut,
    verify.ValidateVerifyForm,
)


def all_actions(services: Services) -> list[Action]:
    """One of each, with the services handed in."""
    return [action(services) for action in ACTIONS]
