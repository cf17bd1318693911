using CioOrleans.Attempts;
using CioOrleans.Grains.History;
using CioOrleans.History;
using CioOrleans.Limits;

namespace CioOrleans.Simulation;

/// <summary>
/// The record: what the real grains store about requests and ends, with what a crash loses. At the end of a run it is judged as <c>cioctl verify</c> does, and
/// compared with what the receiver saw.
/// </summary>
internal sealed partial class Simulation
{
    private readonly List<HistoryNote> _notes = [];
    private readonly List<ProofRow> _rows = [];
    private readonly List<(long At, SimulatedRequest Request)> _ledger = [];
    private readonly Dictionary<string, long> _numbers = new(StringComparer.Ordinal);

    // Not the random numbers of the run: the record changes nothing of it.
    private readonly Random _recording = new(1);
    private long _accepted;
    private int _epochs;

    /// <summary>What the record of the run proves.</summary>
    public ProofReport Prove()
    {
        var end = Microseconds(_time.Now);
        var (from, to) = (HistoryId.ToTime(Microseconds(TimeSpan.Zero)), HistoryId.ToTime(end + 1));
        var proof = new HistoryProof(_notes, from, to, settled: to);
        foreach (var row in _rows.OrderByDescending(row => row.Ended))
        {
            proof.Add(row);
        }

        return proof.End();
    }

    /// <summary>Fails unless the record proves what the receiver saw, or says for how long it does not tell.</summary>
    private void CheckHistory()
    {
        var report = Prove();
        if (report.ViolationCount > 0)
        {
            Fail($"the record tells of a broken promise: {report.Violations[0]}");
        }

        if (_options is { Excess: 0, LeasesEndEarly: false } && report.Limits.FirstOrDefault(limit => limit.Verdict == ProofVerdict.Broken) is { } broken)
        {
            Fail($"the record tells of a broken limit: {broken}");
        }

        var isCrashed = _notes.OfType<HistoryNote.OwnerStopped>().Count() < _epochs - 1;
        if (report.NotJudged.FirstOrDefault(span => !MayBeUnjudged(span.Why, isCrashed)) is { } unjudged)
        {
            Fail($"the record does not tell, and why should it not? {unjudged}");
        }

        if (_rows.Count(row => row.Result.IsEnd() || row.Result == HistoryResult.Held) is var ends && ends != _accepted)
        {
            Fail($"{_accepted} calls were accepted, and the record has {ends} ends");
        }

        CheckLedger(report);
    }

    private bool MayBeUnjudged(NotJudgedReason why, bool isCrashed) => why switch
    {
        NotJudgedReason.LostOwner => isCrashed,
        NotJudgedReason.LimitsChanged => _options.Regroup is not null,
        NotJudgedReason.EndsMissing => isCrashed || _options.Faults.LostCall > 0 || _options.Faults.PassedOn > 0,
        _ => false,
    };

    /// <summary>Every request that arrived has a row of its permit that tells so, or its time is not judged.</summary>
    private void CheckLedger(ProofReport report)
    {
        var rows = _rows.Where(row => row.Sent is not null).ToLookup(row => row.Permit);
        var lost = report.NotJudged.Where(span => span.Why == NotJudgedReason.LostOwner)
            .Select(span => (From: HistoryId.Microseconds(span.From), To: HistoryId.Microseconds(span.To))).ToList();
        var settled = Microseconds(_time.Now - _permitLife - RequestEnd.Longest(_settings.AttemptTimeout) - _options.Hop);
        foreach (var (at, request) in _ledger)
        {
            if (at < settled && !rows[request.Permit].Any(row => row.Sent <= at && at <= row.Ended) && !lost.Any(span => span.From <= at && at <= span.To))
            {
                Fail($"a request arrived {at - Microseconds(TimeSpan.Zero)} µs after the start, under permit {request.Permit} of epoch {request.Owner}, and the record has {string.Join(", ", rows[request.Permit])}");
            }
        }
    }

    private void NoteStarted()
    {
        _epochs++;
        _notes.Add(new HistoryNote.OwnerStarted(
            Microseconds(_time.Now), _ownerNumber, KeptAttempts.All, _settings.TokenReturn, _settings.LimitGroups, _permitLife + RequestEnd.Longest(_settings.AttemptTimeout)));
    }

    /// <summary>The note is stored behind all rows that the owner has posted, or is lost with them.</summary>
    private void NoteStopped()
    {
        var (process, note) = (_process, new HistoryNote.OwnerStopped(Microseconds(_time.Now) + 1, _ownerNumber));
        _events.In(_options.Hop, () =>
        {
            if (process == _process)
            {
                _notes.Add(note);
            }
        });
    }

    /// <summary>A request has arrived.</summary>
    private void Enter(SimulatedRequest request) => _ledger.Add((Microseconds(_time.Now), request));

    /// <summary>The row that a customer stores about an attempt, or about an end without one.</summary>
    private void Record(SimulatedCustomer customer, SimulatedCall call, SimulatedRequest? request, HistoryResult result, TimeSpan endedAt) => _rows.Add(new ProofRow(
        request is null ? null : Microseconds(request.SentAt), Microseconds(endedAt) + 1, 0, request?.Owner ?? 0, request?.Permit ?? 0, call.Class, Number(customer), call.Sequence,
        _isHolding && result is HistoryResult.Rejected or HistoryResult.Unsendable or HistoryResult.UsedUp ? HistoryResult.Held : result));

    /// <summary>The row of a permit that its owner stores. It is lost with the process.</summary>
    private void Record(SimulatedRequest request, LimitClass limitClass, HistoryResult result, TimeSpan? endsAt = null)
    {
        var (process, ended) = (_process, Microseconds(endsAt ?? _time.Now) + 1);
        _events.In(_recording.UpTo(_options.Hop), () =>
        {
            if (process == _process)
            {
                _rows.Add(new ProofRow(Microseconds(request.GrantedAt), ended, 0, request.Owner, request.Permit, limitClass, 0, 0, result));
            }
        });
    }

    private void Record(SimulatedCustomer customer, SimulatedCall call, SimulatedRequest request, DeliveryOutcome outcome, TimeSpan endedAt)
    {
        var wasSent = outcome is not (DeliveryOutcome.Failed { Kind: FailureKind.Unreachable } or DeliveryOutcome.Unused { Why: not Attempts.UnusedReason.GoesAlone });
        HistoryResult? result = outcome switch
        {
            DeliveryOutcome.Delivered => HistoryResult.Delivered,
            DeliveryOutcome.Rejected => HistoryResult.Rejected,
            DeliveryOutcome.Throttled => HistoryResult.Throttled,
            DeliveryOutcome.Misconfigured => HistoryResult.Misconfigured,
            DeliveryOutcome.Unused { Why: Attempts.UnusedReason.GoesAlone } => HistoryResult.Undecided,
            DeliveryOutcome.Unused { Why: Attempts.UnusedReason.Unsendable } => HistoryResult.Unsendable,
            DeliveryOutcome.Unused => null,
            _ => HistoryResult.Failed,
        };
        if (result is { } known)
        {
            Record(customer, call, wasSent ? request : null, known, endedAt);
        }
    }

    private long Number(SimulatedCustomer customer)
    {
        if (!_numbers.TryGetValue(customer.Name, out var number))
        {
            _numbers.Add(customer.Name, number = _numbers.Count + 1);
        }

        return number;
    }

    private long Microseconds(TimeSpan at) => HistoryId.Microseconds(_time.GetUtcNow() - _time.Now + at);
}
