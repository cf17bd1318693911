using System.Text;
using CioOrleans.Calls;
using CioOrleans.Configuration;
using CioOrleans.Customers;
using CioOrleans.Grains.History;
using CioOrleans.Grains.Outbox;
using CioOrleans.History;
using CioOrleans.Limits;

namespace CioOrleans.Outbox.Tests.Contract;

public abstract class HistoryContract<THarness> : OutboxContract<THarness>
    where THarness : OutboxHarness, new()
{
    private static readonly DateTimeOffset _begin = TimeProvider.System.GetUtcNow().AddMinutes(-30);

    /// <summary>Makes a row of which no column has its default.</summary>
    private static HistoryRow Row(double minute, string? customer = "id:ann", HistoryResult result = HistoryResult.Delivered, int status = 200)
    {
        var ended = HistoryId.Microseconds(_begin.AddMinutes(minute));
        return new HistoryRow
        {
            Id = HistoryId.Of(ended),
            Workspace = Workspace,
            Customer = customer,
            CallId = Ulid.NewUlid(_begin.AddMinutes(minute)),
            Sequence = 7,
            Kind = CallKind.Event,
            LimitClass = LimitClass.Track,
            EventKey = DuplicateKey.OfEventId(Encoding.UTF8.GetBytes($"event {minute}")).ToPrefix(),
            Import = Ulid.NewUlid(),
            TraceId = "f0f92f3577b34da6a3ce929d0e0e47ff",
            AcceptedAt = 1_795_000_000_123,
            Attempt = 2,
            Epoch = 3,
            Permit = 4,
            Silo = "silo 1",
            Sent = ended - 25_000,
            Ended = ended,
            Precision = 12,
            Result = result,
            Status = status,
            Reason = result == HistoryResult.Delivered ? null : "503: grün\u0000",
        };
    }

    /// <summary>Makes the row of the end of a call that waits.</summary>
    private static HistoryRow RowOf(RowKey call, double minute, HistoryResult result = HistoryResult.Delivered) =>
        Row(minute, call.Customer.Customer, result) with { CallId = call.CallId, Sequence = call.Sequence };

    [Fact]
    public async Task A_row_survives_reopening_with_all_that_it_tells()
    {
        HistoryRow[] rows =
        [
            Row(0),
            Row(1, result: HistoryResult.Failed, status: 503),
            Row(2, customer: null, HistoryResult.Forwarded) with { CallId = null, Kind = null, EventKey = null, Import = null, TraceId = null, AcceptedAt = 0, Sequence = 0, Attempt = 0 },
            Row(3, "id:a\u0000ü", HistoryResult.UsedUp, 0) with { Sent = null, Silo = "silo 2" },
        ];
        await RecordAsync(rows);

        await ReopenAsync();

        Assert.Equal(rows.Reverse(), await SearchAsync(new HistoryFilter()));
        Assert.Equal(0, History.DroppedRows);
    }

    [Fact]
    public async Task The_row_of_an_end_is_stored_with_the_end()
    {
        var (delivered, dead) = (await AppendAsync(Customer("ann"), 1), await AppendAsync(Customer("bob"), 1));
        var send = await AppendAsync(Customer("cid"), 1);
        HistoryRow[] rows = [RowOf(delivered, 0), RowOf(dead, 1, HistoryResult.UsedUp), RowOf(send, 2)];

        await Outbox.CompleteAsync([delivered], [rows[0]]);
        await Outbox.DeadLetterAsync(dead, 3, "503", TestCalls.Noon, history: rows[1]);
        await Outbox.EndSendAsync(send, new SendResult(200, "{}", TestCalls.Noon), history: rows[2]);

        Assert.Equal(rows.Reverse(), await SearchAsync(new HistoryFilter()));
    }

    [Fact]
    public async Task A_write_that_is_repeated_leaves_one_row()
    {
        var call = await AppendAsync(Customer("ann"), 1);
        var row = RowOf(call, 0);

        await Outbox.CompleteAsync([call], [row]);
        await Outbox.CompleteAsync([call], [row]);

        Assert.Equal([row], await SearchAsync(new HistoryFilter()));
    }

    [Fact]
    public async Task Rows_are_found_by_each_part_of_a_filter_and_by_several_together()
    {
        var import = Ulid.NewUlid();
        HistoryRow[] rows =
        [
            Row(0), Row(6, "id:bob"), Row(7, "id:ann", HistoryResult.Failed, 503), Row(13, "id:ann", HistoryResult.Rejected, 422) with { Kind = CallKind.Identify },
            Row(20, "id:bob", HistoryResult.Failed, 0), Row(21) with { Import = import }, Row(22, "id:ann", HistoryResult.Misconfigured, 302),
        ];
        await RecordAsync(rows);

        async Task ExpectAsync(HistoryFilter filter, params int[] expected) => Assert.Equal(expected.Select(i => rows[i]).Reverse(), await SearchAsync(filter));

        await ExpectAsync(new HistoryFilter { Customer = "id:bob" }, 1, 4);
        await ExpectAsync(new HistoryFilter { Customer = "id:nobody" });
        await ExpectAsync(new HistoryFilter { CallId = rows[2].CallId }, 2);
        await ExpectAsync(new HistoryFilter { EventId = "event 13" }, 3);
        await ExpectAsync(new HistoryFilter { EventId = "event 14" });
        await ExpectAsync(new HistoryFilter { Kind = CallKind.Identify }, 3);
        await ExpectAsync(new HistoryFilter { Import = import }, 5);
        await ExpectAsync(new HistoryFilter { Status = HistoryStatus.Success }, 0, 1, 5);
        await ExpectAsync(new HistoryFilter { Status = HistoryStatus.Failure }, 2, 3, 4, 6);
        await ExpectAsync(new HistoryFilter { Status = HistoryStatus.Redirect }, 6);
        await ExpectAsync(new HistoryFilter { Status = HistoryStatus.ClientError }, 3);
        await ExpectAsync(new HistoryFilter { Status = HistoryStatus.ServerError }, 2);
        await ExpectAsync(new HistoryFilter { Status = HistoryStatus.NoAnswer }, 4);
        await ExpectAsync(new HistoryFilter { Status = HistoryStatus.DeadLetter }, 3);
        await ExpectAsync(new HistoryFilter { From = _begin.AddMinutes(7), To = _begin.AddMinutes(21) }, 2, 3, 4);
        await ExpectAsync(new HistoryFilter { Customer = "id:ann", Status = HistoryStatus.Failure, From = _begin.AddMinutes(10) }, 3, 6);
        await ExpectAsync(new HistoryFilter { Customer = "id:bob", CallId = rows[2].CallId });
    }

    [Fact]
    public async Task Every_row_comes_once_in_pages_whatever_is_searched_for()
    {
        // Several of them end in one microsecond, as those of a batch do.
        var rows = Enumerable.Range(0, 60).Select(i => Row(i / 3, i % 2 == 0 ? "id:ann" : "id:bob", i % 5 == 0 ? HistoryResult.Failed : HistoryResult.Delivered)).ToArray();
        await RecordAsync(rows);

        foreach (var filter in new[] { new HistoryFilter(), new() { Customer = "id:bob" }, new() { Status = HistoryStatus.Failure } })
        {
            var expected = rows.Where(row => (filter.Customer is null || row.Customer == filter.Customer) && (filter.Status is null || row.Result == HistoryResult.Failed));
            Assert.Equal(expected.OrderByDescending(row => row.Id), await SearchAsync(filter, limit: 7));
        }
    }

    [Fact]
    public async Task Another_workspace_has_its_own_history()
    {
        await RecordAsync(Row(0) with { Workspace = "other" });

        Assert.Empty(await SearchAsync(new HistoryFilter()));
        Assert.Empty(await SearchAsync(new HistoryFilter { Customer = "id:ann" }));
        Assert.Empty((await ReadProofAsync()).Rows);
    }

    [Fact]
    public async Task The_proof_reads_what_it_needs_the_latest_end_first()
    {
        HistoryRow[] rows = [Row(0), Row(1, customer: null, HistoryResult.Unreported) with { Sequence = 0 }, Row(2, result: HistoryResult.UsedUp) with { Sent = null }];
        await RecordAsync(rows);

        var read = (await ReadProofAsync()).Rows;

        Assert.Equal(rows.Reverse().Select(row => (row.Sent, row.Ended, row.Result, row.Sequence)), read.Select(row => (row.Sent, row.Ended, row.Result, row.Sequence)));
        Assert.Equal((0, "id:ann"), (read[1].Customer, await History.FindCustomerKeyAsync(Workspace, read[0].Customer)));
        Assert.Equal((12, 3, 4, LimitClass.Track), (read[0].Precision, read[0].Epoch, read[0].Permit, read[0].LimitClass));
    }

    [Fact]
    public async Task Notes_are_kept_and_of_old_ones_the_last_of_each_kind()
    {
        HistoryNote.OwnerStarted Started(long epoch, double minute) => new(
            HistoryId.Microseconds(_begin.AddMinutes(minute)), epoch, KeptAttempts.All, TokenReturn.AfterResponse,
            [new LimitGroupSettings([LimitClass.Track, LimitClass.Page], [new RateLimit(100, TimeSpan.FromSeconds(1))])], TimeSpan.FromSeconds(12));
        await History.NoteAsync(Workspace, Started(1, 0));
        await History.NoteAsync(Workspace, Started(2, 1));
        await History.NoteAsync(Workspace, new HistoryNote.OwnerStopped(HistoryId.Microseconds(_begin.AddMinutes(2)), 2));
        await ReopenAsync();
        Assert.Equal(3, (await History.ReadNotesAsync(Workspace)).Count);

        await TrimAsync(keep: TimeSpan.FromMinutes(1));

        var notes = (await History.ReadNotesAsync(Workspace)).Where(note => note is not HistoryNote.RowsDeleted).ToList();
        Assert.Equal([2, 2], notes.Select(note => note is HistoryNote.OwnerStarted started ? started.Epoch : ((HistoryNote.OwnerStopped)note).Epoch));
        var limits = Assert.Single(notes.OfType<HistoryNote.OwnerStarted>());
        Assert.Equal((KeptAttempts.All, new RateLimit(100, TimeSpan.FromSeconds(1)), TimeSpan.FromSeconds(12)), (limits.Kept, limits.Groups[0].Limits[0], limits.LongestRequest));
        Assert.Equal([LimitClass.Track, LimitClass.Page], limits.Groups[0].Classes);
    }

    [Fact]
    public async Task An_erased_customer_is_not_found_and_its_requests_still_count()
    {
        var rows = Enumerable.Range(0, 12).Select(i => Row(i * 2, i % 3 == 0 ? "id:bob" : "id:ann")).ToArray();
        await RecordAsync(rows);

        while (await History.EraseHistoryAsync(new CustomerAddress(Workspace, "id:ann"), 3) == 3)
        {
        }

        Assert.Empty(await SearchAsync(new HistoryFilter { Customer = "id:ann" }));
        Assert.Empty(await SearchAsync(new HistoryFilter { CallId = rows[1].CallId }));
        Assert.Empty(await SearchAsync(new HistoryFilter { EventId = "event 2" }));
        Assert.Equal(4, (await SearchAsync(new HistoryFilter { Customer = "id:bob" })).Count);
        var all = await SearchAsync(new HistoryFilter());
        Assert.Equal(rows.Reverse().Select(row => (row.Sent, row.Ended)), all.Select(row => (row.Sent, row.Ended)));
        Assert.Equal((null, null, null, null, 0L), all.First(row => row.Ended == rows[1].Ended) is var erased ? (erased.Customer, erased.CallId, erased.Import, erased.Reason, erased.Sequence) : default);
        Assert.Equal(0, await History.EraseHistoryAsync(new CustomerAddress(Workspace, "id:nobody"), 3));
    }

    [Fact]
    public async Task What_was_sent_and_answered_is_stored_with_the_end_and_read_where_it_is_asked_for()
    {
        var call = TestCalls.Odd();
        var (sent, answered, kept) = (await AppendAsync(Customer("ann"), 1, call), await AppendAsync(Customer("ann"), 2), await AppendAsync(Customer("ann"), 3));
        HistoryRow[] rows = [RowOf(sent, 0) with { Body = HistoryBody.Of(call, null) }, RowOf(answered, 1) with { Body = HistoryBody.Of(null, "no\0") }, RowOf(kept, 2)];
        await Outbox.CompleteAsync([sent], [rows[0]]);
        await Outbox.DeadLetterAsync(answered, 1, "422", TestCalls.Noon, history: rows[1]);
        await Outbox.CompleteAsync([kept], [rows[2]]);
        await ReopenAsync();

        var read = await SearchAsync(new HistoryFilter { WithBodies = true });

        Assert.Equal(rows.Reverse().Select(row => row with { Body = null }), read.Select(row => row with { Body = null }));
        Assert.Equal([null, "no\0", null], read.Select(row => row.Body?.ReadAnswer()));
        TestCalls.AssertSame(call, read[2].Body!.ReadCall()!);
        TestCalls.AssertSame(call, (await FindCallAsync(call.Id))!);
        Assert.All(await SearchAsync(new HistoryFilter()), row => Assert.Null(row.Body));
        Assert.Null(await FindCallAsync(rows[1].CallId!.Value));
    }

    [Fact]
    public async Task A_page_ends_when_it_is_full_of_bodies_and_every_row_comes_once()
    {
        var call = TestCalls.Any(bodySize: HistoryFilter.PageBytes / 3);
        var rows = Enumerable.Range(0, 8).Select(i => Row(i) with { Body = HistoryBody.Of(i == 4 ? null : call, "ok") }).ToArray();
        await RecordAsync(rows);

        var first = await History.SearchHistoryAsync(Workspace, new HistoryFilter { WithBodies = true, Customer = "id:ann" }, null, 100);
        var all = await SearchAsync(new HistoryFilter { WithBodies = true, Customer = "id:ann" });

        Assert.Equal(3, first.Rows.Count);
        Assert.Equal(rows.Reverse().Select(row => (row.Id, row.Body?.Size)), all.Select(row => (row.Id, row.Body?.Size)));
    }

    [Fact]
    public async Task Bodies_go_with_the_person_and_with_the_oldest_rows()
    {
        HistoryRow[] rows = [.. Enumerable.Range(0, 6).Select(i => Row(i * 5, i % 2 == 0 ? "id:ann" : "id:bob") with { Body = HistoryBody.Of(TestCalls.Any(), "ok") })];
        await RecordAsync(rows);

        await History.EraseHistoryAsync(new CustomerAddress(Workspace, "id:ann"), 100);

        Assert.Equal([true, false, true, false, true, false], (await SearchAsync(new HistoryFilter { WithBodies = true })).Select(row => row.Body is not null));
    }

    protected async Task RecordAsync(params HistoryRow[] rows) => Assert.IsType<WriteResult.Written>(await History.RecordAsync(rows));

    protected async Task TrimAsync(TimeSpan keep, long maxBytes = long.MaxValue)
    {
        while (await History.TrimHistoryAsync(_begin.AddMinutes(30), keep, maxBytes))
        {
        }
    }

    /// <summary>All pages.</summary>
    /// <summary>A call as it was accepted, from the row of it that has the body; null if no row has it.</summary>
    private async Task<Call?> FindCallAsync(Ulid id) => (await SearchAsync(new HistoryFilter { CallId = id, WithBodies = true }))
        .Select(row => row.Body?.ReadCall()).FirstOrDefault(call => call is not null);

    protected async Task<List<HistoryRow>> SearchAsync(HistoryFilter filter, int limit = 100)
    {
        List<HistoryRow> rows = [];
        long? next = null;
        do
        {
            var page = await History.SearchHistoryAsync(Workspace, filter, next, limit);
            Assert.True(page.Rows.Count <= limit);
            rows.AddRange(page.Rows);
            next = page.Next;
        }
        while (next is not null);

        return rows;
    }

    protected async Task<ProofPage> ReadProofAsync() => await History.ReadProofRowsAsync(Workspace, 0, long.MaxValue);
}
