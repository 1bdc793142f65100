"""The bot's actions for rasa-sdk: slots in, one call to a service, a reply out. Served by `rasa run actions` or in process."""

from __future__ import annotations

from rasa_sdk import Action

from actions import (
    balance,
    bill,
    change,
    charges,
    compare,
    device_form,
    errands,
    fiveg,
    follow_up,
    human,
    my_plan,
    network,
    packs,
    plans,
    recommend,
    terms,
    usage,
    verify,
)
from actions.services import Services

ACTIONS = (
    balance.ExplainSuspension,
    balance.ShowBalance,
    bill.ShowBill,
    change.ChangePlan,
    charges.ExplainCharge,
    compare.ComparePlans,
    device_form.AskDeviceBrand,
    device_form.AskDeviceConfirmed,
    device_form.AskDeviceModel,
    device_form.ValidateDeviceForm,
    errands.AnswerErrand,
    fiveg.GuideStep,
    fiveg.SaPackUnused,
    fiveg.StartGuide,
    fiveg.StartSetup,
    follow_up.Abort,
    follow_up.Affirm,
    follow_up.Deny,
    follow_up.Help,
    follow_up.Inform,
    follow_up.More,
    follow_up.OutOfScope,
    follow_up.PhoneNoted,
    follow_up.Why,
    human.Clarify,
    human.Complain,
    human.HandOver,
    human.RequestHuman,
    human.Vent,
    my_plan.ShowContract,
    my_plan.ShowMyPlan,
    my_plan.ShowOrders,
    network.NetworkProblem,
    packs.CancelService,
    packs.OrderAddOn,
    packs.ShowRoaming,
    packs.ShowSubCard,
    plans.ListPlans,
    plans.ShowPlan,
    plans.ShowPromotions,
    recommend.FindBiggerPlan,
    recommend.FindCheaperPlan,
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
