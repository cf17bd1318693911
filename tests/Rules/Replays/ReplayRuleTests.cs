using CioOrleans.Calls;
using CioOrleans.Grains.Replays;
using CioOrleans.History;
using CioOrleans.Limits;

namespace CioOrleans.Rules.Tests.Replays;

public sealed class ReplayRuleTests
{
    private static readonly DateTimeOffset _noon = new(2026, 11, 24, 12, 0, 0, TimeSpan.Zero);
    private static readonly HistoryReplaySelection _selection = new(_noon, _noon.AddHours(1));
    private static readonly Ulid _replay = Ulid.NewUlid();

    private static readonly Call _call = new()
    {
        Id = Ulid.NewUlid(),
        Kind = CallKind.Event,
        LimitClass = LimitClass.Track,
        Method = "POST",
        Target = "/api/v1/customers/1/events",
        Headers = [new("Content-Type", "application/json")],
        Notes = new CallNotes { Keys = [new(CallNote.Key, DuplicateKey.OfIdempotencyKey("k"))], Import = Ulid.NewUlid(), TraceParent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01" },
        Body = "{}"u8.ToArray(),
        AcceptedAt = _noon,
    };

    [Fact]
    public void A_delivered_call_is_accepted_as_it_was_with_bulk_priority_and_without_its_keys()
    {
        var row = Row(5, HistoryResult.Delivered, 200, hasBody: true);

        var (step, call) = Decide(row);

        Assert.Equal(ReplayStep.Accept, step);
        Assert.Equal((_call.Id, _call.AcceptedAt, CallPriority.Bulk, _replay), (call!.Id, call.AcceptedAt, call.Priority, call.Notes.Import!.Value));
        Assert.False(call.Notes.HasKeys);
        Assert.Equal(_call.Notes.TraceParent, call.Notes.TraceParent);
        Assert.Equal(_call.Body, call.Body);
    }

    [Fact]
    public void What_was_sent_may_be_in_another_row()
    {
        var failed = Row(-90, HistoryResult.Failed, 503, hasBody: true);

        Assert.Equal(ReplayStep.Accept, Decide(Row(5, HistoryResult.Delivered, 200), failed).Step);
        Assert.Equal(ReplayStep.WithoutBody, Decide(Row(5, HistoryResult.Delivered, 200)).Step);
    }

    [Fact]
    public void A_call_is_decided_once_by_its_first_row_that_matches()
    {
        var first = Row(1, HistoryResult.Failed, 503, hasBody: true);
        var second = Row(2, HistoryResult.Failed, 503);
        var delivered = Row(3, HistoryResult.Delivered, 200);

        Assert.Equal([ReplayStep.Accept, ReplayStep.Ignore, ReplayStep.Ignore], new[] { first, second, delivered }.Select(row => Decide(row, first, second, delivered).Step));

        // With a status only rows of that status count.
        var ofSuccess = _selection with { Status = HistoryStatus.Success };
        Assert.Equal(ReplayStep.Accept, ReplayRule.Decide(delivered, [first, second, delivered], ofSuccess, _replay).Step);

        // A row before the span decides nothing.
        Assert.Equal(ReplayStep.Accept, ReplayRule.Decide(second, [first, second, delivered], _selection with { From = HistoryId.ToTime(second.Ended) }, _replay).Step);
    }

    [Fact]
    public void The_first_rows_of_all_calls_of_a_slice_decide_as_all_its_rows_do()
    {
        var random = new Random(1);
        for (var round = 0; round < 300; round++)
        {
            Ulid[] calls = [.. Enumerable.Range(0, 4).Select(_ => Ulid.NewUlid())];
            List<HistoryRow> rows =
            [
                .. Enumerable.Range(0, random.Next(12)).Select(i => Row(
                    (i * 10) - 40, random.Next(3) == 0 ? HistoryResult.Delivered : HistoryResult.Failed, 200, hasBody: random.Next(2) == 0) with { CallId = random.Next(8) == 0 ? null : calls[random.Next(4)] }),
            ];
            IEnumerable<(Ulid?, ReplayStep)> Steps(IEnumerable<HistoryRow> deciding) => deciding
                .Select(row => (row.CallId, ReplayRule.Decide(row, [.. rows.Where(other => row.CallId is not null && other.CallId == row.CallId)], _selection, _replay).Step))
                .Where(step => step.Step != ReplayStep.Ignore);
            List<HistoryRow> slice = [.. rows.Where(row => HistoryId.ToTime(row.Ended) >= _selection.From)];

            Assert.Equal(Steps(slice), Steps(ReplayRule.FirstOfEachCall(Enumerable.Reverse(slice))));
        }
    }

    [Theory]
    [InlineData(HistoryResult.Failed, 503)]
    [InlineData(HistoryResult.Rejected, 400)]
    [InlineData(HistoryResult.UsedUp, 0)]
    [InlineData(HistoryResult.Held, 400)]
    [InlineData(HistoryResult.Discarded, 0)]
    public void A_call_that_Customer_io_has_not_taken_is_left_out(HistoryResult result, int status) =>
        Assert.Equal(ReplayStep.NotDelivered, Decide(Row(5, result, status, hasBody: true)).Step);

    [Fact]
    public void A_dead_letter_that_was_replayed_and_delivered_is_a_delivered_call()
    {
        var dead = Row(5, HistoryResult.Rejected, 400, hasBody: true);
        var delivered = Row(500_000, HistoryResult.Delivered, 200);

        Assert.Equal(ReplayStep.Accept, Decide(dead, dead, delivered).Step);
        Assert.Equal(ReplayStep.NotDelivered, Decide(delivered with { Id = 1 }, delivered with { Id = 1 }, dead).Step);
    }

    [Fact]
    public void A_send_is_left_out() => Assert.Equal(ReplayStep.Send, Decide(Row(5, HistoryResult.Delivered, 200, hasBody: true) with { Kind = CallKind.Send }).Step);

    [Fact]
    public void A_call_that_the_replay_has_sent_is_not_accepted_again()
    {
        var first = Row(5, HistoryResult.Delivered, 200, hasBody: true);
        var again = Row(50, HistoryResult.Delivered, 200) with { Import = _replay };

        Assert.Equal(ReplayStep.AlreadyAccepted, Decide(first, first, again).Step);
        Assert.Equal(ReplayStep.Ignore, Decide(again, first, again).Step);
    }

    [Fact]
    public void A_row_without_a_call_is_ignored()
    {
        Assert.Equal(ReplayStep.Ignore, Decide(Row(5, HistoryResult.Forwarded, 200) with { CallId = null }).Step);
        Assert.Equal(ReplayStep.Ignore, Decide(Row(5, HistoryResult.Delivered, 200, hasBody: true) with { Customer = null }).Step);
    }

    private static (ReplayStep Step, Call? Call) Decide(HistoryRow row, params HistoryRow[] life) =>
        ReplayRule.Decide(row, life.Contains(row) ? life : [.. life, row], _selection, _replay);

    private static HistoryRow Row(int second, HistoryResult result, int status, bool hasBody = false)
    {
        var ended = HistoryId.Microseconds(_noon.AddSeconds(second));
        return new HistoryRow
        {
            Id = HistoryId.FirstAt(_noon.AddSeconds(second)),
            Workspace = "acme",
            Customer = "id:1",
            CallId = _call.Id,
            Kind = CallKind.Event,
            LimitClass = LimitClass.Track,
            Result = result,
            Status = status,
            Ended = ended,
            Silo = "s",
            Body = hasBody ? HistoryBody.Of(_call, null) : null,
        };
    }
}
