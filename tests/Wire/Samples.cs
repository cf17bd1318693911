using System.Text;
using CioOrleans.Addressing;
using CioOrleans.Attempts;
using CioOrleans.Auditing;
using CioOrleans.BackPressure;
using CioOrleans.Calls;
using CioOrleans.Cluster;
using CioOrleans.Configuration;
using CioOrleans.Customers;
using CioOrleans.Discarding;
using CioOrleans.Explaining;
using CioOrleans.History;
using CioOrleans.Imports;
using CioOrleans.Leasing;
using CioOrleans.Limits;
using CioOrleans.Operating;
using CioOrleans.Refusing;
using CioOrleans.Serialization;
using CioOrleans.Workspaces;

namespace CioOrleans.Wire.Tests;

/// <summary>
/// What the bytes in wire.txt say. A type that gets a member keeps its sample as it is, for that is what bytes without the member
/// must read as; a further sample, under a further name, sets it.
/// </summary>
internal static class Samples
{
    private static readonly Ulid _id = Ulid.Parse("01JZ8Q4M5T3W9V7X2Y6ZABCDEF", System.Globalization.CultureInfo.InvariantCulture);
    private static readonly DateTimeOffset _noon = new(2026, 8, 1, 12, 0, 0, TimeSpan.Zero);

    private static readonly OwnerLease _ownerLease = new(TimeSpan.FromHours(1), TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(9));

    private static readonly LimitSeries _limitSeries = new([LimitClass.Track], 100, TimeSpan.FromSeconds(1), [99, 100], [100, 100], TimeSpan.FromMilliseconds(20));

    private static readonly ActivitySeries _series = new(1_785_585_600, [1, 2], [3, 4], [5, 6], [7, 8], [9, 10], [11, 12], [_limitSeries]);

    private static readonly CallNotes _notes = new() { Keys = [new(CallNote.RepeatedRequest, DuplicateKey.OfIdempotencyKey("k"))], Import = _id };

    private static readonly Call _call = new()
    {
        Id = _id,
        Kind = CallKind.Merge,
        LimitClass = LimitClass.Batch,
        Priority = CallPriority.Bulk,
        Method = "POST",
        Target = "/api/v1/merge_customers",
        Headers = [new("Content-Type", "application/json")],
        Body = Encoding.UTF8.GetBytes("""{"primary":{"id":"ä"}}"""),
        AcceptedAt = _noon,
        OtherCustomer = "id:43",
    };

    private static readonly HeadState _head = HeadState.Of(LimitClass.Page, CallPriority.Bulk, attempts: 3, notBefore: _noon);
    private static readonly ImportCounts _counts = new(10, 1, 12, 3, 2);
    private static readonly CallFilter _filter = new()
    {
        CallId = _id, Kind = CallKind.Event, LimitClass = LimitClass.Track, Host = UpstreamHost.App, AcceptedBefore = _noon, Import = _id,
    };

    private static readonly Permit _permit = new(7, LimitClass.Query, TimeSpan.FromSeconds(100), TimeSpan.FromSeconds(10));
    private static readonly RateLimitSignal _signal = new(TimeSpan.FromSeconds(30), 5, _noon, 2);
    private static readonly SendKey _sendKey = new(_id, _id);
    private static readonly SendBinding _binding = new(_id, "send:7", _id);
    private static readonly HistoryReplaySelection _replaySelection = new(_noon, _noon.AddHours(1), "id:42", CallKind.Event, HistoryStatus.ServerError);
    private static readonly HistoryReplayCounts _replayCounts = new(6, 1, 2, 3, 4, 5);
    private static readonly HeldCall _heldCall = new(_id, 7, CallKind.Merge, "400: no", _noon, "id:43");
    private static readonly DeadLetterCause _cause = new(CallKind.Event, -7, 400, "no #", 3, _noon, _noon.AddHours(1), _id);
    private static readonly SelectedDeadLetter _selected = new(_id, "id:42", CallKind.Send, "400: no 7", _noon, IsOutcomeUnknown: true);
    private static readonly DeadLetter _deadLetter = new("id:42", _call, 6, "400: no", _noon);

    private static readonly SiloReport _report = new("1.2.3", _noon, 42, ["acme"], true, TimeSpan.FromMilliseconds(-3), TimeSpan.FromMilliseconds(400));
    private static readonly ClusterMember _member = new("10.0.0.1:11111@5", "one", "active", _report);
    private static readonly WorkspaceOwner _owner = new("acme", "10.0.0.1:11111@5", 3, TimeSpan.FromMinutes(1), TimeSpan.FromMilliseconds(700));

    private static readonly AttemptTrace _trace = new(7, 12, 1_000, 2_000, 3);

    private static readonly HistoryRow _row = new()
    {
        Id = 5, Workspace = "acme", Customer = "id:42", CallId = _id, Sequence = 9, Kind = CallKind.Event, LimitClass = LimitClass.Page, EventKey = 8, Import = _id, AcceptedAt = 77,
        Attempt = 2, Epoch = 7, Permit = 12, Silo = "silo", Sent = 1_000, Ended = 2_000, Precision = 3, Result = HistoryResult.Failed, Status = 500, Reason = "500: no",
    };

    private static readonly HistoryBody _body = new([1, 2], [3], 400);

    private static readonly LimitProof _limitProof = new([LimitClass.Page], 100, TimeSpan.FromSeconds(1), 101, _noon, 100, TimeSpan.FromMilliseconds(1), true);

    private static readonly ProofViolation _violation = new(ProofViolationKind.Overlap, _noon, 4, 9, 10) { CustomerKey = "id:42" };

    private static readonly NotJudged _notJudged = new(_noon, _noon.AddMinutes(1), NotJudgedReason.RowsDropped, 3);

    /// <summary>One of every type, by its name in wire.txt.</summary>
    public static IReadOnlyDictionary<string, object> All { get; } = new Dictionary<string, object>
    {
        ["cio.AuditEntry"] = new AuditEntry(_id, "ann", "POST /admin/workspaces/{workspace}/pause", "/admin/workspaces/acme/pause {}", 200),
        ["cio.RefusedCall"] = new RefusedCall
        {
            Id = _id,
            Type = "track",
            Reason = CallDefect.NoEvent,
            Problem = "Call 7 of the batch has no \"event\".",
            Path = "/v1/batch",
            Index = 7,
            MessageId = "m1",
            Persons = ["id:42", "email:ann@example.com"],
            Body = Encoding.UTF8.GetBytes("{}"),
            Size = 2,
        },
        ["cio.ErasedCalls"] = new ErasedCalls(500, IsComplete: false),
        ["cio.Call"] = _call,
        ["cio.Call+Notes"] = _call with { Notes = _notes },
        ["cio.CallHeaders"] = new CallHeadersSurrogate { Pairs = ["Content-Type", "application/json", "X-Odd", "\u00C3\u00BC"] },
        ["cio.CallNotes"] = _notes,
        ["cio.CallNotes+Trace"] = _notes with { TraceParent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01" },
        ["cio.NotedKey"] = _notes.Keys[0],
        ["cio.DuplicateKey"] = _notes.Keys[0].Key,
        ["cio.WrongGrainKeyException"] = new WrongGrainKeyException("acme"),
        ["cio.UnknownWorkspaceException"] = new UnknownWorkspaceException("acme"),
        ["cio.AcceptResult.Accepted"] = AcceptResult.Accepted.Instance,
        ["cio.AcceptResult.Duplicate"] = AcceptResult.Duplicate.Instance,
        ["cio.AcceptResult.Unavailable"] = new AcceptResult.Unavailable("full", TimeSpan.FromSeconds(1)),
        ["cio.AcceptResult.Expired"] = AcceptResult.Expired.Instance,
        ["cio.AcceptResult.Uncertain"] = new AcceptResult.Uncertain("no answer", TimeSpan.FromSeconds(1)),
        ["cio.AcceptDeadline"] = new AcceptDeadline(TimeSpan.FromSeconds(105)),
        ["cio.ClockBounds"] = new ClockBounds(TimeSpan.FromSeconds(100), TimeSpan.FromSeconds(101)),
        ["cio.ReplayResult.Replayed"] = ReplayResult.Replayed.Instance,
        ["cio.HistoryReplaySelection"] = _replaySelection,
        ["cio.HistoryReplayCounts"] = _replayCounts,
        ["cio.HistoryReplayCount"] = new HistoryReplayCount(_replayCounts, _noon),
        ["cio.HistoryReplayState"] = HistoryReplayState.Cancelled,
        ["cio.HistoryReplayStatus"] = new HistoryReplayStatus(_id, _replaySelection, HistoryReplayState.Paused, _noon, _noon.AddHours(1), _replayCounts, "full"),
        ["cio.ReplayResult.Absent"] = ReplayResult.Absent.Instance,
        ["cio.ReplayResult.Unavailable"] = new ReplayResult.Unavailable("away", TimeSpan.FromSeconds(1)),
        ["cio.SendState.Waiting"] = new SendState.Waiting("503"),
        ["cio.SendState.Sent"] = new SendState.Answered(200, """{"delivery_id":"d"}""", _noon),
        ["cio.SendState.Sent+ContentType"] = new SendState.Answered(400, "no", _noon) { ContentType = "text/plain" },
        ["cio.SendKey"] = _sendKey,
        ["cio.SendBinding"] = _binding,
        ["cio.KeyedAccept.Bound"] = new KeyedAccept.Bound(_binding, true),
        ["cio.KeyedAccept.OtherContent"] = KeyedAccept.OtherContent.Instance,
        ["cio.KeyedAccept.Refused"] = new KeyedAccept.Refused(new AcceptResult.Unavailable("full", TimeSpan.FromSeconds(1))),
        ["cio.SendState.Dead"] = new SendState.Dead("500", true, _noon),
        ["cio.SendState.Absent"] = SendState.Absent.Instance,
        ["cio.CustomerAddress"] = new CustomerAddress("acme", "id:42"),
        ["cio.CustomerStatus"] = new CustomerStatus(4, _id, _head, "500", _noon, true),
        ["cio.CustomerStatus+Held"] = new CustomerStatus(4, _id, _head, "500", _noon, true) { Held = _heldCall },
        ["cio.HeldCall"] = _heldCall,
        ["cio.HeldCustomer"] = new HeldCustomer("id:42", _heldCall),
        ["cio.HeldCustomerPage"] = new HeldCustomerPage([new HeldCustomer("id:42", _heldCall)], "id:42"),
        ["cio.QueueSummary"] = new QueueSummary("id:42", 7, _noon),
        ["cio.QueueList"] = new QueueList([new QueueSummary("id:42", 7, null)], [new QueueSummary("id:43", 1, _noon)], true, _noon, TimeSpan.FromMilliseconds(3)),
        ["cio.ImportSummary"] = new ImportSummary(_id, _noon, 12, _counts),
        ["cio.ImportList"] = new ImportList([new ImportSummary(_id, _noon, null, _counts)], _id),
        ["cio.AnsweredSend"] = new AnsweredSend(_id, 200, _noon),
        ["cio.SendList"] = new SendList([new AnsweredSend(_id, 200, _noon)], _id),
        ["cio.WaitingSend"] = new WaitingSend(_id, "id:42", _noon),
        ["cio.WaitingSends"] = new WaitingSends([new WaitingSend(_id, "id:42", _noon)], true),
        ["cio.HeadState"] = _head,
        ["cio.DeliveryOutcome.Delivered"] = new DeliveryOutcome.Delivered(_head) { SinceResponse = TimeSpan.FromMilliseconds(3), Signal = _signal },
        ["cio.DeliveryOutcome.Rejected"] = new DeliveryOutcome.Rejected(400, _head) { SinceResponse = TimeSpan.FromMilliseconds(3) },
        ["cio.DeliveryOutcome.Failed"] = new DeliveryOutcome.Failed(FailureKind.ConnectionLost, 9, 2, "reset"),
        ["cio.DeliveryOutcome.Unknown"] = new DeliveryOutcome.Unknown(FailureKind.TimedOut, "10 s", _head),
        ["cio.DeliveryOutcome.Throttled"] = new DeliveryOutcome.Throttled { Signal = _signal },
        ["cio.DeliveryOutcome.Misconfigured"] = new DeliveryOutcome.Misconfigured(401, "401"),
        ["cio.DeliveryOutcome.Unused"] = new DeliveryOutcome.Unused(UnusedReason.PermitExpired, _head),
        ["cio.DeliveryOutcome.Delivered+Activation"] = new DeliveryOutcome.Delivered(_head) { Activation = _id.ToGuid() },
        ["cio.BatchOffer.Head"] = new BatchOffer.Head(9, _call),
        ["cio.BatchOffer.Nothing"] = new BatchOffer.Nothing(new DeliveryOutcome.Unused(UnusedReason.ClassChanged, _head)),
        ["cio.BatchItemResult.Answered"] = new BatchItemResult.Answered(400, "invalid"),
        ["cio.BatchItemResult.Unanswered"] = new BatchItemResult.Unanswered(FailureKind.TimedOut, "10 s"),
        ["cio.BatchItemResult.Undecided"] = new BatchItemResult.Undecided(UnusedReason.GoesAlone),
        ["cio.BatchOutcome"] = new BatchOutcome([new DeliveryOutcome.Throttled()], true, TimeSpan.FromMilliseconds(3), TimeSpan.FromMilliseconds(20), _signal),
        ["cio.HeadState+Bytes"] = _head with { Bytes = 300 },
        ["cio.HeadState+IsHeld"] = _head with { IsHeld = true },
        ["cio.Permit"] = _permit,
        ["cio.Permit+LastActivation"] = _permit with { LastActivation = _id.ToGuid() },
        ["cio.Permit+GrantedAt"] = _permit with { GrantedAt = TimeSpan.FromSeconds(98) },
        ["cio.Permit+Number"] = _permit with { Number = 12 },
        ["cio.DeliveryOutcome.Delivered+IsRecorded"] = new DeliveryOutcome.Delivered(_head) { IsRecorded = true },
        ["cio.DeliveryOutcome.Delivered+IsKept"] = new DeliveryOutcome.Delivered(_head) { IsRecorded = true, IsKept = true },
        ["cio.BatchOutcome+IsKept"] = new BatchOutcome([], true, TimeSpan.Zero, TimeSpan.Zero, _signal) { IsRecorded = true, IsKept = true },
        ["cio.BatchOutcome+IsRecorded"] = new BatchOutcome([], true, TimeSpan.Zero, TimeSpan.Zero, _signal) { IsRecorded = true },
        ["cio.BatchItemResult.Answered+Trace"] = new BatchItemResult.Answered(400, "invalid") { Trace = _trace },
        ["cio.BatchItemResult.Answered+TraceParent"] = new BatchItemResult.Answered(200, null) { TraceParent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01" },
        ["cio.BatchItemResult.Unanswered+Trace"] = new BatchItemResult.Unanswered(FailureKind.TimedOut, "10 s") { Trace = _trace },
        ["cio.BatchItemResult.Undecided+Trace"] = new BatchItemResult.Undecided(UnusedReason.GoesAlone) { Trace = _trace },
        ["cio.AttemptTrace"] = _trace,
        ["cio.HistoryRow"] = _row,
        ["cio.HistoryBody"] = _body,
        ["cio.HistoryRow+Trace"] = _row with { TraceId = "4bf92f3577b34da6a3ce929d0e0e4736" },
        ["cio.HistoryRow+Body"] = _row with { Body = _body },
        ["cio.HistoryResult"] = HistoryResult.Undecided,
        ["cio.HistoryFilter"] = new HistoryFilter
        {
            Customer = "id:42", CallId = _id, EventId = "e", Kind = CallKind.Event, Import = _id, Status = HistoryStatus.ServerError, From = _noon, To = _noon,
        },
        ["cio.HistoryStatus"] = HistoryStatus.NoAnswer,
        ["cio.HistoryFilter+WithBodies"] = new HistoryFilter { WithBodies = true },
        ["cio.HistoryPage"] = new HistoryPage([_row], 9),
        ["cio.HistoryErasure"] = new HistoryErasure(3, true, "full"),
        ["cio.LimitProof"] = _limitProof,
        ["cio.ProofVerdict"] = ProofVerdict.Broken,
        ["cio.ProofViolation"] = _violation,
        ["cio.ProofViolationKind"] = ProofViolationKind.SecondEnd,
        ["cio.NotJudged"] = _notJudged,
        ["cio.NotJudgedReason"] = NotJudgedReason.LostOwner,
        ["cio.ProofReport"] = new ProofReport(_noon, _noon.AddHours(1), 7, 6, [_limitProof], [_violation], 1, [_notJudged], 2),
        ["cio.RateLimitSignal"] = _signal,
        ["cio.Ulid"] = new UlidSurrogate { Value = _id.ToGuid() },
        ["cio.DeadLetter"] = _deadLetter,
        ["cio.DeadLetter+IsOutcomeUnknown"] = _deadLetter with { IsOutcomeUnknown = true },
        ["cio.DeadLetter+IsHeld"] = _deadLetter with { IsHeld = true },
        ["cio.DeadLetterPage"] = new DeadLetterPage([_deadLetter], _id),
        ["cio.DeadLetterSelection"] = new DeadLetterSelection { Customer = "id:42", Kind = CallKind.Event, StatusFrom = 400, StatusTo = 499, Cause = -7, From = _noon, To = _noon.AddHours(1) },
        ["cio.DeadLetterCause"] = _cause,
        ["cio.DeadLetterCauses"] = new DeadLetterCauses([_cause], IsComplete: true),
        ["cio.SelectedDeadLetter"] = _selected,
        ["cio.SelectedDeadLetterPage"] = new SelectedDeadLetterPage([_selected], _id),
        ["cio.DeadLetterCount"] = new DeadLetterCount(5, 2, IsComplete: true),
        ["cio.LimitClass"] = LimitClass.Page,
        ["cio.LimitStatus"] = new LimitStatus([LimitClass.Identify, LimitClass.Track], "100/1s", 99.5, 42, _noon),
        ["cio.PassThroughPermit.Granted"] = new PassThroughPermit.Granted(11, _permit),
        ["cio.ClusterMember"] = _member,
        ["cio.ClusterStatus"] = new ClusterStatus("cio", 7, [_member], [_owner]),
        ["cio.SiloReport"] = _report,
        ["cio.WorkspaceOwner"] = _owner,
        ["cio.PassThroughPermit.Moving"] = PassThroughPermit.Moving.Instance,
        ["cio.PassThroughPermit.Refused"] = new PassThroughPermit.Refused("used up", TimeSpan.FromSeconds(1)),
        ["cio.CallPlace+Trace"] = new CallPlace(3, _id, CallKind.Merge, LimitClass.Batch, CallPriority.Bulk, _noon, "id:43") { TraceId = "4bf92f3577b34da6a3ce929d0e0e4736" },
        ["cio.CallPlace"] = new CallPlace(3, _id, CallKind.Merge, LimitClass.Batch, CallPriority.Bulk, _noon, "id:43"),
        ["cio.CustomerStanding"] = new CustomerStanding(
            CustomerActivity.Parked, TimeSpan.FromSeconds(1), 2, 3, 1_000, new LimitStatus([LimitClass.Broadcast], "1/10s", 0.1, 0, null), TimeSpan.FromSeconds(4), "lunch", "401", true, TimeSpan.FromSeconds(5)),
        ["cio.WorkspacePressure"] = new WorkspacePressure(1_000_000, TimeSpan.FromMinutes(5), 1L << 40, 99.5),
        ["cio.AcceptResult.Unavailable+IsDiskFull"] = new AcceptResult.Unavailable("full", TimeSpan.FromSeconds(5)) { IsDiskFull = true },
        ["cio.ChangeResult.Stored"] = ChangeResult.Stored.Instance,
        ["cio.ChangeResult.Unavailable"] = new ChangeResult.Unavailable("full"),
        ["cio.AcceptResult.Unavailable+IsOverload"] = new AcceptResult.Unavailable("full", TimeSpan.FromSeconds(4)) { IsOverload = true },
        ["cio.ImportCounts"] = _counts,
        ["cio.ImportCounts+Discarded"] = _counts with { Discarded = 4 },
        ["cio.ImportStatus"] = new ImportStatus(_noon, 1_000_000, _counts, 7, 99.5, _noon, TimeSpan.FromSeconds(2)),
        ["cio.CallFilter"] = _filter,
        ["cio.DiscardResult"] = new DiscardResult(5, 3, 1, 1, 9, "away"),
        ["cio.CustomerMatches"] = new CustomerMatches("id:42", 7),
        ["cio.MatchPage"] = new MatchPage([new CustomerMatches("id:42", 7)], 9),
        ["cio.SendState.Discarded"] = new SendState.Discarded(_noon),
        ["cio.UpstreamHost"] = UpstreamHost.Pipelines,
        ["cio.HostState"] = HostState.Misconfigured,
        ["cio.HostStatus"] = new HostStatus(UpstreamHost.App, HostState.Outage, _noon, "503", _noon, 7, 20),
        ["cio.OwnerLease"] = _ownerLease,
        ["cio.LimitSeries"] = _limitSeries,
        ["cio.ActivitySeries"] = _series,
        ["cio.WorkspaceActivity"] = new WorkspaceActivity(
            new WorkspaceStatus([new LimitStatus([LimitClass.Broadcast], "1/10s", 0.1, 0, null)], 1_000_000, 2, 3, 4, 5, true, "401", 6), _noon, _noon, _noon, _ownerLease, _series),
        ["cio.WorkspaceStatus"] = new WorkspaceStatus([new LimitStatus([LimitClass.Broadcast], "1/10s", 0.1, 0, null)], 1_000_000, 2, 3, 4, 5, true, "401", 6),
        ["cio.WorkspaceStatus+HeldCustomers"] = new WorkspaceStatus([new LimitStatus([LimitClass.Broadcast], "1/10s", 0.1, 0, null)], 1_000_000, 2, 3, 4, 5, true, "401", 6) { HeldCustomers = 8 },
    };

    /// <summary>An argument of a grain's method.</summary>
    public static object Argument(Type type) => type switch
    {
        _ when type == typeof(string) => "id:42",
        _ when type == typeof(ImportCounts) => _counts,
        _ when type == typeof(long?) => 9L,
        _ when type == typeof(int) => 400,
        _ when type == typeof(int?) => 429,
        _ when type == typeof(long) => 9L,
        _ when type == typeof(bool) => true,
        _ when type == typeof(TimeSpan) => TimeSpan.FromSeconds(5),
        _ when type == typeof(DateTimeOffset) || type == typeof(DateTimeOffset?) => _noon,
        _ when type == typeof(Ulid) || type == typeof(Ulid?) => _id,
        _ when type == typeof(BatchItemResult) => All["cio.BatchItemResult.Answered"],
        _ when type == typeof(IReadOnlyList<Call>) => new[] { _call },
        _ when type == typeof(IReadOnlyList<RefusedCall>) => new[] { (RefusedCall)All["cio.RefusedCall"] },
        _ when type == typeof(IReadOnlyList<string>) => new[] { "id:42", "id:43" },
        _ when type == typeof(IReadOnlyList<Ulid>) => new[] { _id, Ulid.MaxValue },
        _ when type == typeof(IReadOnlyList<Guid>) => new[] { _id.ToGuid(), Guid.Empty },
        _ when type == typeof(LimitClass) => LimitClass.Broadcast,
        _ => All.Values.First(sample => sample.GetType() == type),
    };
}
