using CioOrleans.Configuration;
using CioOrleans.Grains.Refusing;
using CioOrleans.Refusing;
using Microsoft.Extensions.Time.Testing;

namespace CioOrleans.Rules.Tests.Refusing;

public sealed class RefusedCallShelfTests
{
    private const int Megabyte = 1 << 20;

    private readonly FakeTimeProvider _time = new(DateTimeOffset.UnixEpoch.AddDays(20_000));
    private readonly MemoryRefusedCalls _store = new();

    [Fact]
    public async Task No_write_exceeds_the_number_and_the_oldest_go_first_in_slices()
    {
        var shelf = Shelf(new RefusedCallSettings { MaxCalls = 4_000 });
        var all = new List<RefusedCall>();
        for (var batch = 0; batch < 200; batch++)
        {
            RefusedCall[] calls = [.. Enumerable.Range(0, 50).Select(_ => Call())];
            all.AddRange(calls);

            Assert.Null(await shelf.KeepAsync(calls));

            var kept = _store.Calls.ToArray();
            Assert.InRange(kept.Length, Math.Min(all.Count, 3_500), 4_000);
            Assert.Equal(all[^kept.Length..].Select(call => call.Id), kept.Select(call => call.Id));
        }

        Assert.All(_store.Deletes, count => Assert.InRange(count, 1, RefusedCallShelf.Slice));

        // A deletion makes room for ten batches.
        Assert.InRange(_store.Deletes.Count, 1, 15);
    }

    [Fact]
    public async Task No_write_exceeds_the_size()
    {
        var shelf = Shelf(new RefusedCallSettings { MaxBytes = Megabyte });
        for (var i = 0; i < 200; i++)
        {
            Assert.Null(await shelf.KeepAsync([Call(body: 32 * 1024)]));
            Assert.InRange(_store.Calls.Sum(call => call.Body.Length), 1, Megabyte);
        }
    }

    [Fact]
    public async Task Of_a_batch_that_is_larger_than_the_bounds_the_newest_calls_are_kept()
    {
        RefusedCall[] calls = [.. Enumerable.Range(0, 10).Select(_ => Call())];

        Assert.Null(await Shelf(new RefusedCallSettings { MaxCalls = 3 }).KeepAsync([.. calls.Reverse()]));

        Assert.Equal(calls[7..].Select(call => call.Id), _store.Calls.Select(call => call.Id));
    }

    [Fact]
    public async Task What_another_activation_has_stored_counts_from_the_next_deletion_on()
    {
        var (one, other) = (Shelf(new RefusedCallSettings { MaxCalls = 100 }), Shelf(new RefusedCallSettings { MaxCalls = 100 }));
        for (var i = 0; i < 500; i++)
        {
            Assert.Null(await (i % 2 == 0 ? one : other).KeepAsync([Call()]));
            Assert.InRange(_store.Calls.Count(), 1, 200);
        }
    }

    [Fact]
    public async Task Off_stores_nothing()
    {
        Assert.Null(await Shelf(new RefusedCallSettings { IsOn = false }).KeepAsync([Call()]));
        Assert.Empty(_store.Calls);
    }

    [Fact]
    public async Task What_cannot_be_stored_is_said_and_can_be_repeated()
    {
        var shelf = Shelf();
        var call = Call();
        _store.IsAway = true;
        Assert.Equal("away", await shelf.KeepAsync([call]));

        _store.IsAway = false;
        Assert.Null(await shelf.KeepAsync([call]));
        Assert.Null(await shelf.KeepAsync([call]));
        Assert.Equal([call.Id], _store.Calls.Select(kept => kept.Id));
    }

    [Fact]
    public async Task Old_calls_are_deleted_in_slices_and_the_others_stay()
    {
        var shelf = Shelf(new RefusedCallSettings { KeepFor = TimeSpan.FromHours(1) });
        await shelf.KeepAsync([.. Enumerable.Range(0, 1_200).Select(_ => Call())]);
        _time.Advance(TimeSpan.FromMinutes(59));
        var young = Call();
        await shelf.KeepAsync([young]);
        await shelf.TidyAsync();
        Assert.Equal(1_201, _store.Calls.Count());

        _time.Advance(TimeSpan.FromMinutes(2));
        await shelf.TidyAsync();

        Assert.Equal([young.Id], _store.Calls.Select(call => call.Id));
        Assert.Equal([500, 500, 200], _store.Deletes);
    }

    [Fact]
    public async Task Erasing_a_person_deletes_its_calls_and_also_those_that_were_on_their_way()
    {
        var shelf = Shelf();
        var (hers, his) = (Call("id:42"), Call("id:43"));
        await shelf.KeepAsync([hers, his]);
        var late = Call("anonymous:a", "id:42");

        Assert.Equal(new ErasedCalls(1, IsComplete: true), await shelf.EraseAsync("id:42", isPreview: true));
        Assert.Equal(2, _store.Calls.Count());
        Assert.Equal(new ErasedCalls(1, IsComplete: true), await shelf.EraseAsync("id:42", isPreview: false));
        await shelf.KeepAsync([late]);
        Assert.Equal([his.Id], _store.Calls.Select(call => call.Id));

        var later = Call("id:42");
        await shelf.KeepAsync([later]);
        Assert.Equal([his.Id, later.Id], _store.Calls.Select(call => call.Id));
    }

    [Fact]
    public async Task Erasing_all_goes_on_with_further_requests()
    {
        var shelf = Shelf();
        await shelf.KeepAsync([.. Enumerable.Range(0, 6_000).Select(_ => Call())]);

        Assert.Equal(new ErasedCalls(5_000, IsComplete: false), await shelf.EraseAsync(null, isPreview: false));
        Assert.Equal(new ErasedCalls(1_000, IsComplete: true), await shelf.EraseAsync(null, isPreview: false));
        Assert.Empty(_store.Calls);
    }

    private RefusedCallShelf Shelf(RefusedCallSettings? settings = null) => new(_store, "acme", settings ?? new RefusedCallSettings(), _time);

    /// <summary>Each call is a millisecond younger than the one before.</summary>
    private RefusedCall Call(params string[] persons) => Call(16, persons);

    private RefusedCall Call(int body, params string[] persons)
    {
        _time.Advance(TimeSpan.FromMilliseconds(1));
        return new RefusedCall
        {
            Id = Ulid.NewUlid(_time.GetUtcNow()),
            Reason = CallDefect.NoEvent,
            Problem = "The call has no \"event\".",
            Path = "/v1/track",
            Persons = persons,
            Body = new byte[body],
            Size = body,
        };
    }
}
