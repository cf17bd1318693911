namespace CioOrleans.Api.TrackV2;

/// <summary>What is wrong with an operation, or with a whole request, in Track v2's terms.</summary>
/// <param name="Reason">
/// <c>malformed</c>, <c>required</c>, <c>invalid</c>, <c>size</c>, or <c>overloaded</c> and <c>unavailable</c> if the request should be repeated.
/// </param>
/// <param name="Field">The member at fault; empty if it is the whole operation or request.</param>
/// <param name="Message">What is wrong and what to do, for the caller. Contains nothing from the body.</param>
internal sealed record OperationError(string Reason, string Field, string Message)
{
    public static OperationError Required(string field, string message) => new("required", field, message);

    public static OperationError Invalid(string field, string message) => new("invalid", field, message);

    public static OperationError Malformed(string message) => new("malformed", "", message);

    public static OperationError Size(string field, string message) => new("size", field, message);
}
