using System.Text.Json;

namespace CioOrleans.Cli.Output;

/// <summary>Prints an answer for people: one name and value per line, nested members indented.</summary>
internal static class JsonTree
{
    private const int NameWidth = 18;

    /// <summary>Writes an answer to the standard output, for people or as the JSON that was received.</summary>
    public static void Show(JsonElement answer, bool asJson)
    {
        if (asJson)
        {
            Console.WriteLine(answer.GetRawText());
        }
        else
        {
            Print(answer, Console.Out);
        }
    }

    public static void Print(JsonElement answer, TextWriter output, int depth = 0)
    {
        var indent = new string(' ', 2 * depth);
        foreach (var member in answer.EnumerateObject())
        {
            var name = TerminalText.Escape(member.Name);
            switch (member.Value.ValueKind)
            {
                case JsonValueKind.Object:
                    output.WriteLine($"{indent}{name}");
                    Print(member.Value, output, depth + 1);
                    break;
                case JsonValueKind.Array when member.Value.EnumerateArray().All(item => item.ValueKind == JsonValueKind.Object):
                    foreach (var item in member.Value.EnumerateArray())
                    {
                        output.WriteLine($"{indent}{name}");
                        Print(item, output, depth + 1);
                    }

                    break;
                case JsonValueKind.Null:
                    break;
                default:
                    output.WriteLine($"{indent}{name.PadRight(Math.Max(1, NameWidth - indent.Length))} {Text(member.Value)}");
                    break;
            }
        }
    }

    private static string Text(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Array => string.Join(", ", value.EnumerateArray().Select(Text)),
        JsonValueKind.True => "yes",
        JsonValueKind.False => "no",
        _ => TerminalText.Escape(value.ToString()),
    };
}
