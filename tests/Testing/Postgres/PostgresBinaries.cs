namespace CioOrleans.Testing.Postgres;

/// <summary>Finds an installed PostgreSQL server.</summary>
public static class PostgresBinaries
{
    private static readonly string[] _roots = ["/usr/lib/postgresql", "/usr/local/pgsql", "/usr/pgsql", "/opt/homebrew/opt", "/usr/local/opt"];

    /// <summary>The folder with initdb and postgres, the newest version first; null where there is none.</summary>
    public static string? Find() => Candidates().FirstOrDefault(folder =>
        File.Exists(Path.Combine(folder, "initdb")) && File.Exists(Path.Combine(folder, "postgres")));

    private static IEnumerable<string> Candidates()
    {
        foreach (var folder in (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries))
        {
            yield return folder;
        }

        foreach (var root in _roots.Where(Directory.Exists))
        {
            yield return Path.Combine(root, "bin");
            foreach (var version in Directory.GetDirectories(root).OrderByDescending(VersionOf))
            {
                yield return Path.Combine(version, "bin");
            }
        }
    }

    private static int VersionOf(string folder) => int.TryParse(Path.GetFileName(folder), out var version) ? version : 0;
}
