using CioOrleans.Api.Answers;

namespace CioOrleans.Api.Bodies;

/// <summary>Why a body could not be read.</summary>
internal static class BodyRefusals
{
    public static Refusal NotGzip { get; } = Refusal.BadRequest("The body is not what Content-Encoding: gzip promises. Compress it, or leave the header out.");

    public static Refusal UnknownEncoding { get; } = Refusal.BadRequest("The Content-Encoding is not known here. Send the body plain or with gzip.");

    /// <summary>More than Customer.io takes.</summary>
    public static Refusal TooLarge(int maxBytes) => new(StatusCodes.Status413PayloadTooLarge, $"The body is larger than {maxBytes} bytes. Send less.");

    /// <summary>More than this front-end is set to take.</summary>
    public static Refusal OverOwnMaximum(int maxBytes) =>
        new(StatusCodes.Status413PayloadTooLarge, $"The body is larger than {maxBytes} bytes. Send less, or raise Dispatcher:Api:MaxBodyBytes.");
}
