using System.Net;
using CioOrleans.Api.Guarding;
using CioOrleans.Silo.Configuration;
using Microsoft.AspNetCore.Connections;

namespace CioOrleans.Api.Tests.Http;

public sealed class ConnectionsPerAddressTests
{
    private static readonly ApiSettings _settings = new(DefaultWorkspace: null, MaxBodyBytes: 1024) { MaxConnectionsPerAddress = 2, TrustedProxies = [IPNetwork.Parse("10.0.0.0/8")] };

    private readonly List<TaskCompletionSource> _open = [];

    [Theory]
    [InlineData("192.0.2.1", "192.0.2.1")]
    [InlineData("192.0.2.1", "::ffff:192.0.2.1")]
    [InlineData("2001:db8::1", "2001:db8::1")]
    public async Task The_third_connection_of_an_address_is_closed_and_one_that_ends_makes_room(string address, string again)
    {
        var limited = new ConnectionsPerAddress(_settings).InFrontOf(ServeAsync);

        var first = limited(From(address));
        _ = limited(From(again));
        var third = From(address);
        await limited(third);
        Assert.Equal(2, _open.Count);
        Assert.True(third.ConnectionClosed.WaitHandle.WaitOne(TimeSpan.FromSeconds(10)), "The third connection was not closed.");

        _ = limited(From("192.0.2.99"));
        Assert.Equal(3, _open.Count);

        _open[0].SetResult();
        await first;
        _ = limited(From(address));
        Assert.Equal(4, _open.Count);
        await limited(From(again));
        Assert.Equal(4, _open.Count);
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("::1")]
    [InlineData("::ffff:127.0.0.1")]
    [InlineData("10.1.2.3")]
    [InlineData("::ffff:10.1.2.3")]
    public void Loopback_and_trusted_proxies_are_not_limited(string address)
    {
        var limited = new ConnectionsPerAddress(_settings).InFrontOf(ServeAsync);

        for (var i = 0; i < 10; i++)
        {
            _ = limited(From(address));
        }

        Assert.Equal(10, _open.Count);
    }

    [Fact]
    public void Zero_is_no_limit()
    {
        var limited = new ConnectionsPerAddress(_settings with { MaxConnectionsPerAddress = 0 }).InFrontOf(ServeAsync);

        for (var i = 0; i < 10; i++)
        {
            _ = limited(From("192.0.2.1"));
        }

        Assert.Equal(10, _open.Count);
    }

    private Task ServeAsync(ConnectionContext connection)
    {
        var end = new TaskCompletionSource();
        _open.Add(end);
        return end.Task;
    }

    private static DefaultConnectionContext From(string address) => new() { RemoteEndPoint = new IPEndPoint(IPAddress.Parse(address), 40_000) };
}
