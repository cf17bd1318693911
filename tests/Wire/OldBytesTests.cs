using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;
using Orleans.Serialization.Invocation;

namespace CioOrleans.Wire.Tests;

/// <summary>During a rolling restart silos of two versions talk to each other.</summary>
public sealed class OldBytesTests : IDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection().AddSerializer().BuildServiceProvider();

    public static TheoryData<string> SampleNames => [.. Samples.All.Keys];

    public static TheoryData<string> RequestNames => [.. WireContract.Requests.Keys];

    private Serializer Serializer => _services.GetRequiredService<Serializer>();

    [Theory]
    [MemberData(nameof(SampleNames))]
    public void A_value_reads_as_it_was_written_by_an_earlier_version(string name)
    {
        var sample = Samples.All[name];

        var read = Serializer.Deserialize<object>(Stored(name, sample));

        Assert.IsType(sample.GetType(), read);
        Assert.Equivalent(sample, read, strict: true);
    }

    [Theory]
    [MemberData(nameof(RequestNames))]
    public void A_request_reads_as_it_was_written_by_an_earlier_version(string name)
    {
        var type = WireContract.Requests[name];
        using var sample = (IInvokable)Activator.CreateInstance(type)!;
        var parameters = sample.GetMethod().GetParameters();
        for (var i = 0; i < parameters.Length; i++)
        {
            sample.SetArgument(i, Samples.Argument(parameters[i].ParameterType));
        }

        using var read = (IInvokable)Serializer.Deserialize<object>(Stored(name, sample))!;

        Assert.IsType(type, read);
        for (var i = 0; i < parameters.Length; i++)
        {
            Assert.Equivalent(sample.GetArgument(i), read.GetArgument(i), strict: true);
        }
    }

    [Fact]
    public void Every_line_is_read_by_a_test() =>
        Assert.Equal(Samples.All.Keys.Concat(WireContract.Requests.Keys).Order(StringComparer.Ordinal), StoredBytes.All.Keys.Order(StringComparer.Ordinal));

    public void Dispose() => _services.Dispose();

    private byte[] Stored(string name, object sample)
    {
        Assert.True(
            StoredBytes.All.TryGetValue(name, out var bytes),
            $"New on the wire. Add this line to wire.txt:\n{name} {Convert.ToBase64String(Serializer.SerializeToArray(sample))}");
        return bytes!;
    }
}
