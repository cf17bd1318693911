using System.Text;
using CioOrleans.Console.Live;

namespace CioOrleans.Console.Parts;

/// <summary>The paths of the pictures.</summary>
internal static class Picture
{
    /// <summary>The means of equal parts of a span, of which the last values are given. Parts without values are zero.</summary>
    public static double[] Means(IReadOnlyList<int> values, int span, int parts)
    {
        var means = new double[parts];
        var size = span / parts;
        for (var part = 0; part < parts; part++)
        {
            var (from, to) = (values.Count - (size * (parts - part)), values.Count - (size * (parts - part - 1)));
            var sum = 0L;
            for (var i = Math.Max(0, from); i < to; i++)
            {
                sum += values[i];
            }

            means[part] = (double)sum / size;
        }

        return means;
    }

    /// <summary>A filled area whose highest value fills the height.</summary>
    public static string Area(double[] values, double height)
    {
        var top = Math.Max(1, values.Max());
        var path = new StringBuilder($"M0 {Text.Number(height)}");
        for (var i = 0; i < values.Length; i++)
        {
            path.Append('L').Append(i).Append(' ').Append(Text.Number(height - (values[i] / top * (height - 1))));
        }

        return path.Append('L').Append(values.Length - 1).Append(' ').Append(Text.Number(height)).Append('Z').ToString();
    }

    /// <summary>Bars, one unit wide each.</summary>
    public static string Bars(ReadOnlySpan<int> values, double perUnit, double height)
    {
        var path = new StringBuilder();
        for (var i = 0; i < values.Length; i++)
        {
            if (values[i] > 0)
            {
                path.Append('M').Append(Text.Number(i + 0.1)).Append(' ').Append(Text.Number(height)).Append('V').Append(Text.Number(height - (values[i] * perUnit))).Append("h.8V").Append(Text.Number(height)).Append('Z');
            }
        }

        return path.ToString();
    }

    /// <summary>A line of steps, one unit wide each.</summary>
    public static string Steps(ReadOnlySpan<int> values, double perUnit, double height)
    {
        var path = new StringBuilder();
        for (var i = 0; i < values.Length; i++)
        {
            path.Append(i == 0 ? "M0 " : "V").Append(Text.Number(height - (values[i] * perUnit))).Append('H').Append(i + 1);
        }

        return path.ToString();
    }
}
