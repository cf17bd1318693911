using CioOrleans.Grains.Imports;
using CioOrleans.Imports;

namespace CioOrleans.Rules.Tests.Imports;

public sealed class ImportRecordTests
{
    private static readonly ImportRecord _record = new(DateTimeOffset.UnixEpoch, 1_000, new()
    {
        ["front"] = new ImportCounts(Accepted: 100, Refused: 10, Calls: 200, 0, 0),
        ["silo"] = new ImportCounts(0, 0, 0, Delivered: 50, DeadLetters: 1),
    });

    [Fact]
    public void What_waits_is_what_was_taken_and_is_not_settled() => Assert.Equal(149, _record.Waiting);

    [Fact]
    public void Those_to_come_have_as_many_calls_each_as_those_that_came() => Assert.Equal(149 + (890 * 2), _record.Remaining);

    [Fact]
    public void Without_a_number_of_rows_only_what_waits_remains() => Assert.Equal(149, (_record with { Rows = null }).Remaining);

    [Fact]
    public void Deliveries_that_were_not_told_are_found_by_what_waits()
    {
        var found = _record.WithWaiting(40);

        Assert.Equal((40, 159, 200), (found.Waiting, found.Total.Delivered, found.Total.Calls));
    }

    [Fact]
    public void Accepts_that_were_not_told_are_found_by_what_waits()
    {
        var found = _record.WithWaiting(160);

        Assert.Equal((160, 50, 211), (found.Waiting, found.Total.Delivered, found.Total.Calls));
    }

    [Fact]
    public void It_comes_back_from_its_json_as_it_was() => Assert.Equivalent(_record, ImportRecord.FromJson(_record.ToJson()), strict: true);
}
