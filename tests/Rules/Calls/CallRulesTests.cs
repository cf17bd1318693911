using CioOrleans.Calls;
using CioOrleans.Limits;

namespace CioOrleans.Rules.Tests.Calls;

public sealed class CallRulesTests
{
    private static readonly Call _call = new()
    {
        Id = default, Kind = CallKind.Event, LimitClass = LimitClass.Track, Method = "POST", Target = "/a%20b?q=@:&=+$", Headers = [new("X-A", "\u00FC \u0085")], Body = [], AcceptedAt = default,
    };

    public static TheoryData<int> Controls => [.. Enumerable.Range(0, 0x20).Append(0x7F).Where(c => c != '\n')];

    [Fact]
    public void Bytes_above_ASCII_may_be_sent() => Assert.Null(CallRules.WhyUnsendable(_call));

    [Theory]
    [MemberData(nameof(Controls))]
    public void A_control_character_cannot_be_sent(int control)
    {
        Assert.NotNull(CallRules.WhyUnsendable(_call with { Headers = [new("X-A", $"v{(char)control}w")] }));
        Assert.NotNull(CallRules.WhyUnsendable(_call with { Headers = [new($"X{(char)control}A", "v")] }));
        Assert.NotNull(CallRules.WhyUnsendable(_call with { Target = $"/a{(char)control}b" }));
        Assert.NotNull(CallRules.WhyUnsendable(_call with { Method = $"GET{(char)control}" }));
    }

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("@127.0.0.1/x")]
    [InlineData(":80/x")]
    [InlineData(".evil.example/x")]
    [InlineData("//evil.example/x")]
    [InlineData("http://evil.example/x")]
    [InlineData("/a#b")]
    [InlineData("/a b")]
    [InlineData("/ü")]
    public void A_target_that_is_no_path_cannot_be_sent(string target) => Assert.NotNull(CallRules.WhyUnsendable(_call with { Target = target }));

    [Theory]
    [InlineData("X A")]
    [InlineData("X(A)")]
    [InlineData("X\u00FC")]
    public void A_header_name_is_a_token(string name) => Assert.NotNull(CallRules.WhyUnsendable(_call with { Headers = [new(name, "v")] }));

    [Theory]
    [InlineData("Host")]
    [InlineData("authorization")]
    [InlineData("Content-Length")]
    [InlineData("Transfer-Encoding")]
    [InlineData("Cookie")]
    [InlineData("Connection")]
    [InlineData("Proxy-Authorization")]
    [InlineData("Expect")]
    [InlineData("Upgrade")]
    [InlineData("TE")]
    [InlineData("Trailer")]
    [InlineData("X-Forwarded-Anything")]
    [InlineData("X-Named")]
    public void What_a_stored_call_may_not_say_is_dropped_again_where_it_leaves(string name)
    {
        CallHeaders stored = [new("X-A", "1"), new("Connection", "close"), new("connection", "a, x-named"), new(name, "evil")];

        Assert.Equal([new("X-A", "1")], CallRules.Kept(stored));
    }

    [Fact]
    public void Headers_of_which_none_is_dropped_are_the_same_list() => Assert.Same(_call.Headers, CallRules.Kept(_call.Headers));

    [Fact]
    public void A_call_that_could_never_leave_and_headers_that_are_too_large_are_refused()
    {
        CallRules.ThrowIfRefused(_call with { Headers = [new("X-A", new string('a', CallRules.MaxHeaderBytes - 7))] });

        Assert.Throws<ArgumentException>(() => CallRules.ThrowIfRefused(_call with { Headers = [new("X-A", new string('a', CallRules.MaxHeaderBytes - 6))] }));
        Assert.Throws<ArgumentException>(() => CallRules.ThrowIfRefused(_call with { Target = "@127.0.0.1/x" }));
    }

    [Fact]
    public void Each_operation_of_a_batch_keeps_all_of_small_headers_and_little_of_large_ones()
    {
        CallHeaders small = [new("X-A", "1"), new("User-Agent", "an SDK")];

        Assert.Same(small, CallRules.OfEachOperation(small));
        Assert.Equal(
            [new("User-Agent", "an SDK"), new("content-type", "application/json")],
            CallRules.OfEachOperation([.. small, new("content-type", "application/json"), new("X-B", new string('a', 500)), new("X-Strict-Mode", new string('1', 151))]));
    }
}
