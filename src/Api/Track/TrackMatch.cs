namespace CioOrleans.Api.Track;

/// <summary>The path of the Track API that a raw path names, with its raw parameters.</summary>
/// <param name="path">The path; null if the Track API does not have it.</param>
/// <param name="subject">The raw segment that names the person, the form, the segment or the delivery.</param>
/// <param name="device">The raw segment that names the device.</param>
internal readonly ref struct TrackMatch(TrackPath? path, ReadOnlySpan<char> subject = default, ReadOnlySpan<char> device = default)
{
    public TrackPath? Path { get; } = path;

    public ReadOnlySpan<char> Subject { get; } = subject;

    public ReadOnlySpan<char> Device { get; } = device;
}
