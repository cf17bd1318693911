using CioOrleans.Api.Answers;

namespace CioOrleans.Api.Bodies;

/// <summary>The refusals of bodies.</summary>
internal static class BodyRefusals
{
    public const string NotUtf8 = "The body is not valid UTF-8. Encode the JSON as UTF-8.";

    public static Refusal NotGzip { get; } = Refusal.BadRequest("The body is not what Content-Encoding: gzip promises. Compress it, or leave the header out.");

    public static Refusal UnknownEncoding { get; } = Refusal.BadRequest("The Content-Encoding is not known here. Send the body plain or with gzip.");

    public static Refusal TooSlow { get; } = new(StatusCodes.Status408RequestTimeout, "The body did not arrive within Dispatcher:Api:BodyTimeout. Send it faster.");

    public static Refusal NoRoom { get; } = new(
        StatusCodes.Status503ServiceUnavailable, "The bodies of other requests take all the memory that Dispatcher:Api:MaxBufferedBytes allows. Try again.");

    /// <summary>The body is larger than Customer.io accepts.</summary>
    public static Refusal TooLarge(int maxBytes) => new(StatusCodes.Status413PayloadTooLarge, $"The body is larger than {maxBytes} bytes. Send less.");

    /// <summary>The body is larger than this front-end's settings allow.</summary>
    public static Refusal OverOwnMaximum(int maxBytes) =>
        new(StatusCodes.Status413PayloadTooLarge, $"The body is larger than {maxBytes} bytes. Send less, or raise Dispatcher:Api:MaxBodyBytes.");
}
