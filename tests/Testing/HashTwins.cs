using System.Numerics;
using System.Text;

namespace CioOrleans.Testing;

/// <summary>
/// Names that Orleans gives one hash: xxHash32 of the key's UTF-8 without a seed. A word of four bytes changes the state of the hash by a step that can be turned round, so
/// behind any first word there is a second one that leads to the wanted state. About one in 256 consists of letters and digits alone.
/// </summary>
public static class HashTwins
{
    private const uint Prime3 = 3_266_489_917;
    private const uint Prime4 = 668_265_263;
    private const string Letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

    /// <summary>Names that begin with <paramref name="prefix"/> and differ in their last eight characters; their count in bytes must leave 8 or 12 when divided by 16.</summary>
    public static IEnumerable<string> Behind(string prefix)
    {
        if ((prefix.Length + 8) % 16 is not (8 or 12))
        {
            throw new ArgumentException("The last eight characters must be two words of the hash's tail.", nameof(prefix));
        }

        // The first pair of words fixes the hash of all names.
        var start = StateBefore(prefix);
        var wanted = Step(Step(start, Word("AAAA")), Word("AAAA"));
        for (var i = 0; i < 1 << 24; i++)
        {
            var first = string.Create(4, i, static (text, number) =>
            {
                for (var at = 0; at < 4; at++)
                {
                    text[at] = Letters[(number >> (6 * at)) & 63];
                }
            });
            var second = (BackStep(wanted) - Step(start, Word(first))) * Inverse(Prime3);
            var text = Encoding.Latin1.GetString(BitConverter.GetBytes(second));
            if (text.All(letter => Letters.Contains(letter, StringComparison.Ordinal)))
            {
                yield return $"{prefix}{first}{text}";
            }
        }
    }

    private static uint Step(uint state, uint word) => BitOperations.RotateLeft(state + (word * Prime3), 17) * Prime4;

    /// <summary>The state plus the product of the word, before a step that led to <paramref name="state"/>.</summary>
    private static uint BackStep(uint state) => BitOperations.RotateRight(state * Inverse(Prime4), 17);

    private static uint Word(string text) => BitConverter.ToUInt32(Encoding.ASCII.GetBytes(text));

    /// <summary>Newton's iteration: each round doubles the bits that are right.</summary>
    private static uint Inverse(uint odd)
    {
        var inverse = odd;
        for (var i = 0; i < 5; i++)
        {
            inverse *= 2 - (odd * inverse);
        }

        return inverse;
    }

    /// <summary>xxHash32's state behind the words of the prefix, before its last two words.</summary>
    private static uint StateBefore(string prefix)
    {
        const uint prime1 = 2_654_435_761, prime2 = 2_246_822_519, prime5 = 374_761_393;
        var bytes = Encoding.ASCII.GetBytes(prefix);
        var at = 0;
        uint state;
        if (bytes.Length + 8 >= 16)
        {
            uint[] lanes = [unchecked(prime1 + prime2), prime2, 0, unchecked(0 - prime1)];
            for (; at + 16 <= bytes.Length; at += 16)
            {
                for (var lane = 0; lane < 4; lane++)
                {
                    lanes[lane] = BitOperations.RotateLeft(lanes[lane] + (BitConverter.ToUInt32(bytes, at + (4 * lane)) * prime2), 13) * prime1;
                }
            }

            state = BitOperations.RotateLeft(lanes[0], 1) + BitOperations.RotateLeft(lanes[1], 7) + BitOperations.RotateLeft(lanes[2], 12) + BitOperations.RotateLeft(lanes[3], 18);
        }
        else
        {
            state = prime5;
        }

        state += (uint)bytes.Length + 8;
        for (; at < bytes.Length; at += 4)
        {
            state = Step(state, BitConverter.ToUInt32(bytes, at));
        }

        return state;
    }
}
