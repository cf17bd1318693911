namespace CioOrleans.Api.Answers;

/// <summary>Why a request was not taken.</summary>
/// <param name="Status">The HTTP status to answer.</param>
/// <param name="Message">For the caller: what is wrong and what to do. Holds nothing of the body.</param>
internal sealed record Refusal(int Status, string Message)
{
    public static Refusal BadRequest(string message) => new(StatusCodes.Status400BadRequest, message);
}
