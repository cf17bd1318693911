using System.Collections.Concurrent;
using System.Globalization;
using CioOrleans.Postgres.Outbox;
using CioOrleans.Sqlite.Outbox;
using Microsoft.Extensions.Logging.Console;

namespace CioOrleans.Silo.Observability;

/// <summary>The console, protected from floods: repeated warnings and errors are counted and summed up, see <see cref="RepeatedLines{TKind}"/>.</summary>
[ProviderAlias("Console")]
internal sealed class CountingConsole : ILoggerProvider, ISupportExternalScope
{
    /// <summary>
    /// Orleans' advice to turn on the server garbage collector (its <c>ErrorCode.SiloGcWarning</c>). It is off on purpose: see the project files.
    /// </summary>
    private const int ServerGcAdvice = 100_405;

    private const string HostCategory = "Microsoft.Extensions.Hosting.Internal.Host";
    private const string OriginalFormat = "{OriginalFormat}";
    private static readonly TimeSpan _every = TimeSpan.FromSeconds(1);

    private readonly ConsoleLoggerProvider _console;
    private readonly TimeProvider _time;
    private readonly long _origin;
    private readonly Lock _lock = new();
    private readonly RepeatedLines<LineKind> _lines = new();
    private readonly ConcurrentDictionary<string, Logger> _loggers = new(StringComparer.Ordinal);
    private readonly ITimer _timer;

    public CountingConsole(ConsoleLoggerProvider console, TimeProvider time)
    {
        _console = console;
        _time = time;
        _origin = time.GetTimestamp();
        _timer = time.CreateTimer(_ => WriteSums(Now), null, _every, _every);
    }

    public ILogger CreateLogger(string categoryName) => _loggers.GetOrAdd(categoryName, category => new Logger(this, category, _console.CreateLogger(category)));

    public void SetScopeProvider(IExternalScopeProvider scopeProvider) => _console.SetScopeProvider(scopeProvider);

    public void Dispose()
    {
        _timer.Dispose();
        WriteSums(TimeSpan.MaxValue);
        _console.Dispose();
    }

    private TimeSpan Now => _time.GetElapsedTime(_origin);

    private void WriteSums(TimeSpan now)
    {
        IReadOnlyList<(LineKind Kind, long Hidden, TimeSpan Period)> sums;
        lock (_lock)
        {
            sums = _lines.TakeSums(now);
        }

        foreach (var ((category, level, eventId, template), hidden, period) in sums)
        {
            var text = string.Create(CultureInfo.InvariantCulture, $"{hidden} more lines of this kind in {period.TotalSeconds:0} s: {template}");
            _console.CreateLogger(category).Log(level, eventId, text, null, static (line, _) => line);
        }
    }

    private bool IsShown(LineKind kind)
    {
        lock (_lock)
        {
            return _lines.IsShown(kind, Now);
        }
    }

    private sealed record LineKind(string Category, LogLevel Level, int EventId, string Template);

    private sealed class Logger(CountingConsole owner, string category, ILogger console) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => console.BeginScope(state);

        public bool IsEnabled(LogLevel logLevel) => console.IsEnabled(logLevel);

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            // ProcessStart writes one line for an error that stops the start and that an operator can fix.
            var isToldElsewhere = category == HostCategory && exception is OutboxDatabaseException or OutboxFileException;
            if (isToldElsewhere || (eventId.Id == ServerGcAdvice && category == "Orleans.Runtime.Silo"))
            {
                return;
            }

            if (logLevel < LogLevel.Warning || owner.IsShown(new LineKind(category, logLevel, eventId.Id, TemplateOf(state, exception, formatter))))
            {
                console.Log(logLevel, eventId, state, exception, formatter);
            }
        }

        private static string TemplateOf<TState>(TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            state is IReadOnlyList<KeyValuePair<string, object?>> { Count: > 0 } values && values[^1] is { Key: OriginalFormat, Value: string template }
                ? template
                : formatter(state, exception);
    }
}
