namespace CioOrleans.Api.Answers;

/// <summary>Why a request was refused.</summary>
/// <param name="Status">The HTTP status to answer.</param>
/// <param name="Message">What is wrong and what to do, for the caller. Contains nothing from the body.</param>
internal sealed record Refusal(int Status, string Message)
{
    public static Refusal BadRequest(string message) => new(StatusCodes.Status400BadRequest, message);
}
