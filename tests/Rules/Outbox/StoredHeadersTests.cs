using CioOrleans.Calls;
using CioOrleans.Limits;

namespace CioOrleans.Rules.Tests.Outbox;

public sealed class StoredHeadersTests
{
    private static readonly Ulid _import = Ulid.Parse("01ARZ3NDEKTSV4RRFFQ69G5FAV", null);
    private static readonly DuplicateKey _key = DuplicateKey.OfIdempotencyKey("k");
    private const string Trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

    private static readonly Call _call = new()
    {
        Id = default, Kind = CallKind.Event, LimitClass = LimitClass.Track, Method = "POST", Target = "/", Headers = [], Body = [], AcceptedAt = default,
    };

    public static TheoryData<string> Values => [.. Enumerable.Range(0, 256).Where(c => c != '\n').Select(c => $"a{(char)c}{(char)c}b")];

    [Theory]
    [MemberData(nameof(Values))]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData(":import 01ARZ3NDEKTSV4RRFFQ69G5FAV")]
    public void What_was_written_is_read(string value)
    {
        var call = _call with
        {
            Headers = [new("X-A", value), new("X-B", "1"), new("X-A", value)],
            Notes = new CallNotes { Keys = [new(CallNote.Key, _key), new(CallNote.Request, _key)], Import = _import, TraceParent = Trace },
        };

        Assert.Equal((call.Headers, call.Notes), StoredHeaders.Read(StoredHeaders.Write(call)));
        Assert.Equal((call.Headers, CallNotes.None), StoredHeaders.Read(StoredHeaders.Write(call with { Notes = CallNotes.None })));
    }

    [Fact]
    public void Neither_headers_nor_notes_are_read_as_neither() => Assert.Equal((CallHeaders.None, CallNotes.None), StoredHeaders.Read(StoredHeaders.Write(_call)));

    [Fact]
    public void A_call_without_a_trace_is_stored_as_its_headers_and_nothing_else()
    {
        var call = _call with { Headers = [new("X-A", "1")] };

        Assert.Same(call.Headers.Lines, StoredHeaders.Write(call));
        Assert.Equal($"\n:trace {Trace}\nX-A: 1\n", StoredHeaders.Write(call with { Notes = new CallNotes { TraceParent = Trace } }));
    }

    [Fact]
    public void What_is_no_trace_context_is_not_stored() => Assert.Equal(
        "\nX-A: 1\n",
        StoredHeaders.Write(_call with { Headers = [new("X-A", "1")], Notes = new CallNotes { TraceParent = $"00-4bf92f3577b34da6a3ce929d0e0e4736\n:import 00f067aa0-01" } }));

    [Theory]
    [InlineData(":trace x")]
    [InlineData(":trace ")]
    [InlineData(":a-note-of-a-later-version 1")]
    public void A_note_that_cannot_be_read_is_ignored(string note)
    {
        var (headers, notes) = StoredHeaders.Read($"\n{note}\nX-A: 1\n");

        Assert.Equal([new("X-A", "1")], headers);
        Assert.Equal(CallNotes.None, notes);
    }

    [Fact]
    public void Equal_headers_are_one_list_whatever_the_notes_say()
    {
        var call = _call with { Headers = [new("X-Once", "1")] };
        var noted = call with { Notes = new CallNotes { Import = _import } };

        Assert.Same(StoredHeaders.Read(StoredHeaders.Write(call)).Headers, StoredHeaders.Read(StoredHeaders.Write(noted)).Headers);
    }

    [Fact]
    public void The_import_is_found_in_the_text_and_nothing_that_a_caller_sent_looks_like_it()
    {
        var line = StoredHeaders.ImportLine(_import);

        Assert.Contains(line, StoredHeaders.Write(_call with { Notes = new CallNotes { Import = _import } }), StringComparison.Ordinal);
        Assert.Contains(line, $"Content-Type: application/json\n:import {_import}\n", StringComparison.Ordinal);
        Assert.DoesNotContain(line, StoredHeaders.Write(_call with { Headers = [new("X-A", $":import {_import}")] }), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("Content-Type: application/json", "Content-Type", "application/json")]
    [InlineData("Content-Type:application/json\nX-A:  1 \n", "Content-Type", "application/json", "X-A", "1")]
    [InlineData("no colon\n: no name\n:a-note of mine\nX-A: 1\n", "X-A", "1")]
    [InlineData("X-A: v\fHost: evil\n", "X-A", "v\fHost: evil")]
    [InlineData("X-A: v\rHost: evil\n", "X-A", "v\rHost: evil")]
    [InlineData("X-A: v\u0085Host: evil\n", "X-A", "v\u00C2\u0085Host: evil")]
    [InlineData("X-A: v\u2028Host: evil\n", "X-A", "v\u00E2\u0080\u00A8Host: evil")]
    [InlineData("X-A: v\u2029Host: evil\n", "X-A", "v\u00E2\u0080\u00A9Host: evil")]
    [InlineData("X-A: Grüße\n", "X-A", "Gr\u00C3\u00BC\u00C3\u009Fe")]
    public void Rows_of_the_first_version_are_split_at_line_feeds_alone_and_read_as_the_bytes_that_came(string stored, params string[] expected)
    {
        var (headers, notes) = StoredHeaders.Read(stored);

        Assert.Equal(expected, headers.SelectMany(header => new[] { header.Name, header.Value }));
        Assert.Equal(CallNotes.None, notes);
    }

    [Fact]
    public void Notes_of_the_first_version_are_read_wherever_they_are()
    {
        var (headers, notes) = StoredHeaders.Read($":duplicate-key {_key}\n:repeated-request {_key}\nX-A: 1\n:import {_import}\n");

        Assert.Equal([new CallHeader("X-A", "1")], headers);
        Assert.Equal(new CallNotes { Keys = [new(CallNote.Key, _key), new(CallNote.RepeatedRequest, _key)], Import = _import }, notes);
    }

    [Theory]
    [InlineData("X:A", "")]
    [InlineData("", "")]
    [InlineData("X\n", "")]
    [InlineData("X", "a\nHost: evil")]
    [InlineData("X", "\u0100")]
    public void A_list_of_headers_holds_nothing_that_could_be_read_as_something_else(string name, string value) =>
        Assert.Throws<ArgumentException>(() => CallHeaders.Create([new CallHeader(name, value)]));
}
