using System.Text;
using CioOrleans.Attempts;
using CioOrleans.Calls;
using CioOrleans.Customers;
using CioOrleans.Delivery.Batches;
using CioOrleans.Limits;

namespace CioOrleans.Batches;

public sealed class BatchRequestTests
{
    [Fact]
    public void The_operations_stand_in_the_request_as_they_were_sent()
    {
        var call = BatchRequest.Of([Head("""{"n": 1.10}"""), Head("""{"é":"ü"}""")], 1_000).ToCall()!;

        Assert.Equal(("POST", "/api/v2/batch", """{"batch":[{"n": 1.10},{"é":"ü"}]}"""), (call.Method, call.Target, Encoding.UTF8.GetString(call.Body)));
    }

    [Fact]
    public void One_members_headers_do_not_speak_for_all()
    {
        var odd = Head("{}");
        var call = BatchRequest.Of([odd with { Call = odd.Call with { Headers = [new("Content-Type", "text/plain"), new("X-Odd", "1")] } }, Head("{}")], 1_000).ToCall()!;

        Assert.Equal(["Content-Type", "User-Agent"], call.Headers.Select(header => header.Name));
        Assert.Equal("application/json", call.Headers.Find("Content-Type"));
        Assert.StartsWith("CioOrleans/", call.Headers.Find("User-Agent"), StringComparison.Ordinal);
    }

    [Fact]
    public void What_all_members_say_in_their_headers_the_batch_says_too()
    {
        CallHeaders said = [new("Content-Type", "application/json"), new("User-Agent", "an SDK")];

        var call = BatchRequest.Of([With(new CallNotes { Import = Ulid.NewUlid() }, [.. said]), With(CallNotes.None, said)], 1_000).ToCall()!;

        Assert.Equal(said, call.Headers);

        static BatchOffer.Head With(CallNotes notes, CallHeaders headers) =>
            Head("{}") is var head ? head with { Call = head.Call with { Headers = headers, Notes = notes } } : head;
    }

    [Fact]
    public void One_alone_is_sent_as_what_it_is()
    {
        var call = BatchRequest.Of([Nothing(), Head("""{"n":1}""")], 1_000).ToCall()!;

        Assert.Equal(("/api/v2/entity", """{"n":1}"""), (call.Target, Encoding.UTF8.GetString(call.Body)));
    }

    [Fact]
    public void Nobody_makes_no_request() => Assert.Null(BatchRequest.Of([Nothing()], 1_000).ToCall());

    [Theory]
    [InlineData(27, 2)]
    [InlineData(26, 1)]
    [InlineData(12, 1)]
    public void Only_what_fits_goes_along(int maxBytes, int expected)
    {
        // The frame takes 12 bytes, each operation 7, the comma 1; the one that is too long for what is left stays behind.
        var request = BatchRequest.Of([Head("""{"n":1}"""), Head("""{"n":2,"long":"than the rest"}"""), Head("""{"n":3}""")], maxBytes);

        Assert.Equal(expected == 2 ? [0, 2] : [0], request.Members);
    }

    [Fact]
    public void Who_stays_behind_says_why()
    {
        BatchOffer[] offers = [Head("""{"n":1}"""), Nothing()];

        Assert.Equal([UnusedReason.DidNotFit, UnusedReason.WaitsForMerge], BatchRequest.LeftBehind(offers).Select(outcome => ((DeliveryOutcome.Unused)outcome).Why));
    }

    private static BatchOffer.Nothing Nothing() => new BatchOffer.Nothing(new DeliveryOutcome.Unused(UnusedReason.WaitsForMerge, HeadState.Empty));

    private static BatchOffer.Head Head(string body) => new BatchOffer.Head(1, new Call
    {
        Id = Ulid.NewUlid(),
        Kind = CallKind.Identify,
        LimitClass = LimitClass.Batch,
        Method = "POST",
        Target = "/api/v2/entity",
        Headers = [new("Content-Type", "application/json")],
        Body = Encoding.UTF8.GetBytes(body),
        AcceptedAt = DateTimeOffset.UnixEpoch,
    });
}
