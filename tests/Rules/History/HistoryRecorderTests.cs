using CioOrleans.Grains.History;
using CioOrleans.Grains.Outbox;
using CioOrleans.Leasing;
using CioOrleans.Limits;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using NSubstitute;

namespace CioOrleans.History;

public sealed class HistoryRecorderTests
{
    private readonly IHistoryStore _store = Substitute.For<IHistoryStore>();
    private readonly List<HistoryRow> _stored = [];
    private readonly List<HistoryNote> _notes = [];
    private readonly HistoryRecorder _recorder;
    private bool _isAway;

    public HistoryRecorderTests()
    {
#pragma warning disable CA2012 // The substitute is told what to return: these calls do nothing else.
        _store.RecordAsync(Arg.Any<IReadOnlyList<HistoryRow>>()).Returns(call => Store(() => _stored.AddRange(call.Arg<IReadOnlyList<HistoryRow>>())));
        _store.NoteAsync("acme", Arg.Any<HistoryNote>()).Returns(call => Store(() => _notes.Add(call.Arg<HistoryNote>())));
#pragma warning restore CA2012
        var clock = Substitute.For<ILeaseClock>();
        clock.Bounds.Returns(ClockBounds.Exactly(TimeSpan.FromHours(1)));
        _recorder = new HistoryRecorder(
            _store, new HistoryClock(clock, Substitute.For<IOutbox>(), new FakeTimeProvider()), new HistorySettings(), NullLogger<HistoryRecorder>.Instance);
    }

    [Fact]
    public async Task Rows_that_the_store_does_not_take_wait_without_their_bodies_and_are_stored_when_it_does()
    {
        _isAway = true;
        Assert.False(await _recorder.RecordAsync(Row(1) with { Body = HistoryBody.Of(null, "no") }));
        Assert.False(await _recorder.RecordAsync(Row(2)));
        await _recorder.FlushAsync();
        Assert.Empty(_stored);

        _isAway = false;
        await _recorder.FlushAsync();

        Assert.Equal([Row(1), Row(2)], _stored);
        Assert.Empty(_notes);
        Assert.True(await _recorder.RecordAsync(Row(3)));
    }

    [Fact]
    public async Task Rows_for_which_there_is_no_room_are_counted_and_told_once_the_store_takes_rows()
    {
        _isAway = true;
        for (var permit = 1; permit <= 10_005; permit++)
        {
            await _recorder.RecordAsync(Row(permit));
        }

        _isAway = false;
        await _recorder.FlushAsync();

        Assert.Equal(10_000, _stored.Count);
        var note = Assert.IsType<HistoryNote.RowsDropped>(Assert.Single(_notes));
        Assert.Equal((5L, Row(10_001).Sent!.Value), (note.Count, note.From));
    }

    [Fact]
    public async Task An_owner_that_stops_while_rows_wait_does_not_say_that_its_record_is_complete()
    {
        _isAway = true;
        await _recorder.RecordAsync(Row(1));
        await _recorder.OnOwnerStoppedAsync("acme", 1);
        _isAway = false;
        await _recorder.FlushAsync();
        Assert.Empty(_notes);

        await _recorder.OnOwnerStoppedAsync("acme", 1);

        Assert.IsType<HistoryNote.OwnerStopped>(Assert.Single(_notes));
    }

    [Theory]
    [InlineData(true, true, true)]
    [InlineData(true, false, false)]
    [InlineData(false, false, false)]
    public void An_owner_records_what_another_silo_does_not_keep(bool isRecorded, bool isKept, bool isTold) => Assert.Equal(isTold, _recorder.IsTold(isRecorded, isKept));

    private ValueTask<WriteResult> Store(Action store)
    {
        if (_isAway)
        {
            return ValueTask.FromResult<WriteResult>(new WriteResult.Unavailable("away"));
        }

        store();
        return ValueTask.FromResult<WriteResult>(WriteResult.Written.Instance);
    }

    private static HistoryRow Row(long permit) => new()
    {
        Id = permit, Workspace = "acme", LimitClass = LimitClass.Track, Epoch = 1, Permit = permit, Sent = permit * 10, Ended = (permit * 10) + 5, Result = HistoryResult.Failed,
    };
}
