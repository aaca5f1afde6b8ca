package doppio.table;

import doppio.Generator;
import doppio.Tensor;
import doppio.internal.Names;
import doppio.internal.Require;
import doppio.nn.ColumnEmbeddings;
import doppio.nn.Embedding;
import doppio.table.Column.Kind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.IntFunction;

/**
 * Makes rows into inputs of a network, as learned from the rows of a training.
 *
 * <pre>{@code
 * Encoder<Penguin> encoder = Encoder.of(Penguin.class).without("species").fit(training);
 * Tensor inputs = encoder.encode(training); // [n, encoder.width()]
 * }</pre>
 *
 * <ul>
 *   <li>Numbers are standardised by {@link doppio.data.Standardizer}'s mean and deviation; one that
 *       does not vary becomes 0. A missing one becomes the mean, and where one was missing in the
 *       training another input tells. Booleans count as 0 and 1, dates in days.
 *   <li>Words and enums have an input for each word of the training, which is 1 or 0, and one for
 *       all others: those never seen, those seen less often than {@link #rare} says, and those
 *       beyond the {@link #mostWords} most frequent. A missing word is a word too.
 *   <li>Where a component has many words, as {@link #embedFrom} says, the word's number is the only
 *       input. A network for it begins with {@link #embeddings}, which learn some numbers for each
 *       word; {@link Classifier} and {@link Regressor} see to that.
 * </ul>
 *
 * <p>{@link #fit} leaves this encoder as it was and returns one that has learned; that one never
 * changes and is for any number of threads.
 */
public final class Encoder<R extends Record> {
  static final int EMBED_FROM = 10;

  private final Schema<R> schema;
  private final Kind[] kinds;
  private final boolean[] without;
  private final List<Column> columns;
  private final int[] components;
  private final int width;
  private int rare = 2;
  private int mostWords = 1000;
  private int embedFrom = EMBED_FROM;

  private Encoder(Schema<R> schema, List<Column> columns) {
    this.schema = schema;
    this.columns = columns;
    kinds = new Kind[schema.names().size()];
    without = new boolean[kinds.length];
    components = columns.stream().mapToInt(column -> schema.index(column.name())).toArray();
    width = columns.stream().mapToInt(Column::width).sum();
  }

  /**
   * An encoder of all components, that has learned nothing yet.
   *
   * @throws IllegalArgumentException if the class is no record or cannot be looked into; the
   *     message says what to add
   */
  public static <R extends Record> Encoder<R> of(Class<R> type) {
    return new Encoder<>(new Schema<>(type), List.of());
  }

  /** One that has learned these columns already. */
  static <R extends Record> Encoder<R> of(Class<R> type, List<Column> columns) {
    Schema<R> schema = new Schema<>(type);
    columns.forEach(column -> schema.require(column.name(), column.type()));
    return new Encoder<>(schema, List.copyOf(columns));
  }

  /** Leaves out components; returns this encoder, as all settings do. */
  public Encoder<R> without(String... names) {
    for (int i : settable(names)) {
      without[i] = true;
    }
    return this;
  }

  /** Takes components for words, whatever their type: {@code categorical("postalCode")}. */
  public Encoder<R> categorical(String... names) {
    return kind(Kind.WORDS, names);
  }

  /** Takes components for numbers: words that are written as numbers, say. */
  public Encoder<R> numeric(String... names) {
    return kind(Kind.NUMBER, names);
  }

  /** Takes log(1 + x) in place of x, for prices, incomes and the like. */
  public Encoder<R> log(String... names) {
    return kind(Kind.LOG, names);
  }

  /** Gives a word that the training has fewer times no place of its own; 2 unless set. */
  public Encoder<R> rare(int times) {
    requireNotFitted();
    rare = Require.atLeast(1, "times", times);
    return this;
  }

  /**
   * Gives so many words of a component, the most frequent, places of their own; 1000 unless set.
   */
  public Encoder<R> mostWords(int words) {
    requireNotFitted();
    mostWords = Require.atLeast(1, "words", words);
    return this;
  }

  /**
   * Makes one index of a component with so many words or more that have places of their own, in
   * place of an input for each; 10 unless set, chosen on generated tables.
   */
  public Encoder<R> embedFrom(int words) {
    requireNotFitted();
    embedFrom = Require.atLeast(1, "words", words);
    return this;
  }

  private Encoder<R> kind(Kind kind, String... names) {
    for (int i : settable(names)) {
      kinds[i] = kind;
    }
    return this;
  }

  /** The components of these names, all of them before one is set. */
  private int[] settable(String... names) {
    requireNotFitted();
    return Arrays.stream(Objects.requireNonNull(names, "names")).mapToInt(schema::index).toArray();
  }

  private void requireNotFitted() {
    if (isFitted()) {
      throw new IllegalStateException(
          "what has learned is not set or fitted again; keep what fit was called on");
    }
  }

  /**
   * Learns from rows.
   *
   * @return a new encoder
   * @throws IllegalStateException if this one has learned already: it has no settings
   * @throws IllegalArgumentException if there are no rows, one is null, no component is left, one
   *     is of a type that no column has, or a number is infinite; the message names row and column
   */
  public Encoder<R> fit(List<R> rows) {
    requireNotFitted();
    if (rows.isEmpty()) {
      throw new IllegalArgumentException("expected rows to learn from but got none");
    }
    Schema.checked(rows);
    List<Column> learned = new ArrayList<>();
    for (int i = 0; i < kinds.length; i++) {
      if (!without[i]) {
        learned.add(learn(rows, i));
      }
    }
    if (learned.isEmpty()) {
      throw new IllegalArgumentException(
          "no component of " + schema + " is left to learn from; it has " + schema.names());
    }
    return new Encoder<>(schema, learned);
  }

  private Column learn(List<R> rows, int i) {
    String name = schema.names().get(i);
    if (!schema.isColumn(i)) {
      throw schema.noColumn(i, "; or leave it out with without(\"" + name + "\")");
    }
    Class<?> type = schema.type(i);
    boolean isText = type == String.class || type.isEnum();
    Kind kind = kinds[i] != null ? kinds[i] : isText ? Kind.WORDS : Kind.NUMBER;
    IntFunction<Object> values = r -> schema.get(rows.get(r), i);
    return kind == Kind.WORDS
        ? Column.ofWords(
            name,
            Names.of(type),
            rows.size(),
            values,
            new Column.Vocabulary(rare, mostWords, embedFrom))
        : Column.ofNumbers(name, Names.of(type), kind, rows.size(), values);
  }

  /**
   * The inputs {@code [n, width]} of rows.
   *
   * @throws IllegalStateException if this encoder has not learned
   * @throws IllegalArgumentException if a row is null, or has an infinite number or a word where a
   *     number is expected; the message names row and column
   */
  public Tensor encode(List<R> rows) {
    Tensor x = Tensor.zeros(rows.size(), width());
    Schema.checked(rows);
    for (int i = 0; i < rows.size(); i++) {
      int at = i * width;
      for (int c = 0; c < components.length; c++) {
        Column column = columns.get(c);
        column.write(schema.get(rows.get(i), components[c]), i, x.data(), at);
        at += column.width();
      }
    }
    return x;
  }

  /**
   * What a network has to begin with where words are encoded as indices: tables of numbers for
   * them, to be learned with the rest. Without such words it changes nothing.
   *
   * <pre>{@code
   * ColumnEmbeddings words = encoder.embeddings(generator);
   * Module network = new Sequential(words, new Linear(words.outFeatures(), 1, generator));
   * }</pre>
   *
   * @param generator draws the tables, in the order of the components
   * @throws IllegalStateException if this encoder has not learned
   */
  public ColumnEmbeddings embeddings(Generator generator) {
    List<Integer> indices = new ArrayList<>();
    List<Embedding> tables = new ArrayList<>();
    int at = 0;
    for (Column column : columns) {
      if (column.kind() == Kind.INDEX) {
        indices.add(at);
        tables.add(column.table(generator));
      }
      at += column.width();
    }
    return new ColumnEmbeddings(
        width(),
        indices.stream().mapToInt(Integer::intValue).toArray(),
        tables.toArray(new Embedding[0]));
  }

  /** The inputs {@code [1, width]} of a row of unseen words. */
  Tensor encodeUnseen() {
    Tensor x = Tensor.zeros(1, width());
    int at = 0;
    for (Column column : columns) {
      column.writeUnseen(x.data(), at);
      at += column.width();
    }
    return x;
  }

  /** The number of inputs that a row becomes. */
  public int width() {
    if (!isFitted()) {
      throw new IllegalStateException("the encoder has not learned from rows; call fit first");
    }
    return width;
  }

  /** The names of the inputs: {@code billLengthMm}, {@code island = Biscoe}. */
  public List<String> names() {
    List<String> names = new ArrayList<>();
    columns.forEach(column -> column.addNames(names));
    return names;
  }

  private boolean isFitted() {
    return !columns.isEmpty();
  }

  Schema<R> schema() {
    return schema;
  }

  List<Column> columns() {
    return columns;
  }

  /** What was learned: a line for each component, with the number of its inputs. */
  @Override
  public String toString() {
    StringBuilder s = new StringBuilder("Encoder(" + schema + ")");
    if (!isFitted()) {
      return s + " of " + schema.names() + ", not fitted";
    }
    columns.forEach(column -> s.append('\n').append(column));
    return s.append('\n').toString();
  }
}
