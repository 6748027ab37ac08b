"""What the small net is asked to copy, and how far it is from it."""
import torch
import torch.nn.functional as F

from net import LEAD, SCORE, SCORE_ERROR, TIME, VALUE_ERROR


def huber(x, delta):
    return F.huber_loss(x, torch.zeros_like(x), delta=delta, reduction="none")


def squared_softplus(raw):  # short-term errors of file versions from 14 on, before the root
    return F.softplus(raw / 2) ** 2


def losses(outputs, policy, ownership, t):
    """A dict of mean losses. t: the scalars of the rows as tensors."""
    policy_out, value_out, misc, ownership_out = outputs
    value = torch.stack([t["win"], t["loss"], t["noResult"]], dim=1)
    with_result = (1 - t["noResult"]).clamp(min=0.05)
    log_policy = F.log_softmax(policy_out, dim=1)
    policy_entropy = -(policy * policy.clamp(min=1e-9).log()).sum(1)
    value_entropy = -(value * value.clamp(min=1e-9).log()).sum(1)
    probabilities = F.softmax(value_out, dim=1).detach()
    winloss = probabilities[:, 0] - probabilities[:, 1]
    lead = misc[:, 2] * LEAD
    value_miss = (winloss - t["shorttermWinloss"]) ** 2
    lead_miss = (lead.detach() - t["shorttermLead"]) ** 2
    w = t["shorttermWeight"]
    # Scores that the labelling net gives for players of unequal strength are no scores of the board.
    even = 1 - (t["unequal"] != 0).float()
    return {
        "policy": (-(policy * log_policy).sum(1) - policy_entropy).mean(),
        "value": 3.0 * (-(value * F.log_softmax(value_out, dim=1)).sum(1) - value_entropy).mean(),
        "ownership": 3.5 * F.binary_cross_entropy_with_logits(2 * ownership_out, (1 + ownership) / 2),
        "scoreMean": 0.008 * (even * huber(misc[:, 0] * SCORE - t["scoreMean"] / with_result, 10)).mean(),
        "scoreStdev": 0.003 * (even * huber(F.softplus(misc[:, 1]) * SCORE - t["scoreStdev"], 10)).mean(),
        "lead": 0.02 * (even * huber(lead - t["lead"] / with_result, 8)).mean(),
        "varianceTime": 0.0003 * (t["varianceTimeWeight"] * huber(F.softplus(misc[:, 3]) * TIME - t["varianceTime"], 50)).mean(),
        "valueError": 2.0 * (w * huber(squared_softplus(misc[:, 4]) * VALUE_ERROR - value_miss, 0.4)).mean(),
        "scoreError": 0.00002 * (even * w * huber(squared_softplus(misc[:, 5]) * SCORE_ERROR - lead_miss, 100)).mean(),
    }


def measures(outputs, policy, ownership, t):
    """Sums over the rows: agreement of the best move, win-rate error in points, lead error, ownership error."""
    policy_out, value_out, misc, ownership_out = outputs
    legal = policy > 0
    best = policy_out.masked_fill(~legal, -1e9).argmax(1)
    value = F.softmax(value_out, dim=1)
    winrate, wanted = value[:, 0] + value[:, 2] / 2, t["win"] + t["noResult"] / 2
    return {
        "rows": float(len(policy)),
        "agreement": 100 * (best == policy.argmax(1)).float().sum().item(),
        "winrateError": 100 * (winrate - wanted).abs().sum().item(),
        "leadError": (misc[:, 2] * LEAD - t["lead"]).abs().sum().item(),
        "ownershipError": (torch.tanh(ownership_out) - ownership).abs().mean(dim=(1, 2)).sum().item(),
    }
