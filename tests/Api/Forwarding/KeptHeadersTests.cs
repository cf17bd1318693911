using CioOrleans.Api.Forwarding;
using Microsoft.AspNetCore.Http;

namespace CioOrleans.Api.Tests.Forwarding;

public sealed class KeptHeadersTests
{
    [Fact]
    public void Equal_headers_are_one_list()
    {
        var kept = new KeptHeaders();

        Assert.Same(kept.Of(Headers("a")), kept.Of(Headers("a")));
        Assert.Equal("User-Agent: a\n", kept.Of(Headers("a")).ToString());
    }

    [Fact]
    public void Headers_that_differ_each_time_are_right_and_do_not_pile_up()
    {
        var kept = new KeptHeaders();
        var first = kept.Of(Headers("first"));
        for (var i = 0; i < 1000; i++)
        {
            Assert.Equal($"User-Agent: {i}\n", kept.Of(Headers($"{i}")).ToString());
        }

        Assert.NotSame(first, kept.Of(Headers("first")));
    }

    [Fact]
    public void A_header_that_Connection_names_is_dropped()
    {
        var headers = new HeaderDictionary { ["Connection"] = "keep-alive, x-hop", ["X-Hop"] = "1", ["X-Mine"] = "2" };

        Assert.Equal("X-Mine: 2\n", new KeptHeaders().Of(headers).ToString());
    }

    private static HeaderDictionary Headers(string agent) => new() { ["User-Agent"] = agent };
}
