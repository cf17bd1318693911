namespace CioOrleans.Api.Track;

/// <summary>What a raw path was found to be.</summary>
/// <param name="path">Null where the Track API has no such path.</param>
/// <param name="subject">The raw segment that names the person, the form, the segment or the delivery.</param>
/// <param name="device">The raw segment that names the device.</param>
internal readonly ref struct TrackMatch(TrackPath? path, ReadOnlySpan<char> subject = default, ReadOnlySpan<char> device = default)
{
    public TrackPath? Path { get; } = path;

    public ReadOnlySpan<char> Subject { get; } = subject;

    public ReadOnlySpan<char> Device { get; } = device;
}
