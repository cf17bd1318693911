using System.Diagnostics;
using CioOrleans.Calls;

namespace CioOrleans.Rules.Tests.Calls;

public sealed class TraceParentsTests
{
    private const string Trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

    [Theory]
    [InlineData("")]
    [InlineData("00-x")]
    [InlineData("00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01")]
    [InlineData("00-00000000000000000000000000000000-00f067aa0ba902b7-01")]
    [InlineData("00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01")]
    [InlineData("ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")]
    [InlineData("00\n4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")]
    [InlineData("00-4bf92f3577b34da6a3ce929d0e0e4736\n00f067aa0ba902b7-01")]
    [InlineData("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7\n01")]
    [InlineData("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-0g")]
    [InlineData("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01, 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")]
    public void A_malformed_context_is_not_kept(string text)
    {
        Assert.Null(TraceParents.Valid(text));
        Assert.Null(TraceParents.TraceIdOf(text));
        Assert.Null(TraceParents.ToKeep(text));
    }

    [Fact]
    public void Without_a_span_the_callers_context_is_kept()
    {
        Assert.Equal(Trace, TraceParents.ToKeep(Trace));
        Assert.Null(TraceParents.ToKeep(null));
        Assert.Equal("4bf92f3577b34da6a3ce929d0e0e4736", TraceParents.TraceIdOf(Trace));
        Assert.True(TraceParents.TryParse(Trace, out var context));
        Assert.Equal(
            ("4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7", ActivityTraceFlags.Recorded, true),
            (context.TraceId.ToString(), context.SpanId.ToString(), context.TraceFlags, context.IsRemote));
    }

    [Theory]
    [InlineData(ActivityTraceFlags.Recorded)]
    [InlineData(ActivityTraceFlags.None)]
    public void A_sampled_span_comes_before_the_callers_context_and_another_one_leaves_it(ActivityTraceFlags flags)
    {
        using var accept = new Activity("accept").SetIdFormat(ActivityIdFormat.W3C).SetParentId(Trace);
        accept.ActivityTraceFlags = flags;
        accept.Start();

        Assert.Equal(flags == ActivityTraceFlags.Recorded ? accept.Id : Trace, TraceParents.ToKeep(Trace));
        Assert.Equal(flags == ActivityTraceFlags.Recorded ? accept.Id : null, TraceParents.ToKeep(null));
    }
}
