namespace CioOrleans.Sandbox.Limits;

public sealed class SandboxLimitTests
{
    [Fact]
    public void Reads_classes_that_share_and_several_windows()
    {
        var limits = SandboxLimit.Parse("identify,track=100/1s; batch=1000/1s,3000/500ms;");

        Assert.Equal(2, limits.Count);
        Assert.Equal([EndpointClass.Identify, EndpointClass.Track], limits[0].Classes);
        Assert.Equal([(100, TimeSpan.FromSeconds(1))], limits[0].Windows);
        Assert.Equal("identify,track", limits[0].Name);
        Assert.Equal([(1000, TimeSpan.FromSeconds(1)), (3000, TimeSpan.FromMilliseconds(500))], limits[1].Windows);
    }

    [Fact]
    public void All_stands_for_every_class() => Assert.Equal(EndpointClassNames.All, SandboxLimit.Parse("all=1/1s")[0].Classes);

    [Fact]
    public void Nothing_is_no_limit() => Assert.Empty(SandboxLimit.Parse(string.Empty));

    [Theory]
    [InlineData("identify")]
    [InlineData("identify=100")]
    [InlineData("identify=0/1s")]
    [InlineData("identify=1/0s")]
    [InlineData("identify=1/1")]
    [InlineData("nonsense=1/1s")]
    [InlineData("identify=1/1s=2")]
    public void What_is_no_limit_is_refused_by_name(string text)
    {
        var error = Assert.Throws<FormatException>(() => SandboxLimit.Parse(text));

        Assert.StartsWith($"'{text}' is no limit; allowed is", error.Message, StringComparison.Ordinal);
    }
}
