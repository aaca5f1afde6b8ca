package doppio.table;

import doppio.internal.Names;
import java.lang.reflect.Constructor;
import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/** A record as the columns of a table: the one place that reflects. */
final class Schema<R extends Record> {
  private static final Set<Class<?>> TYPES =
      Set.of(
          String.class,
          double.class,
          Double.class,
          int.class,
          Integer.class,
          long.class,
          Long.class,
          boolean.class,
          Boolean.class,
          LocalDate.class);

  private final Class<R> type;
  private final List<String> names;
  private final Class<?>[] types;
  private final Method[] accessors;
  private final Constructor<R> constructor;

  Schema(Class<R> type) {
    RecordComponent[] components = type.getRecordComponents();
    if (components == null || components.length == 0) {
      throw new IllegalArgumentException(
          type.getName() + " must be a record with components, which are the columns of the table");
    }
    this.type = type;
    names = Arrays.stream(components).map(RecordComponent::getName).toList();
    types = Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
    accessors = Arrays.stream(components).map(RecordComponent::getAccessor).toArray(Method[]::new);
    try {
      constructor = type.getDeclaredConstructor(types);
      constructor.setAccessible(true);
      for (Method accessor : accessors) {
        accessor.setAccessible(true);
      }
    } catch (InaccessibleObjectException e) {
      Module own = Schema.class.getModule();
      throw new IllegalArgumentException(
          type.getName()
              + " cannot be read; say in the module-info.java of "
              + type.getModule().getName()
              + ": opens "
              + type.getPackageName()
              + (own.isNamed() ? " to " + own.getName() + ";" : ";"),
          e);
    } catch (NoSuchMethodException e) {
      throw new IllegalStateException("a record without its constructor", e);
    }
  }

  /** The components, by number. */
  List<String> names() {
    return names;
  }

  Class<?> type(int component) {
    return types[component];
  }

  /** The number of a component, or −1. */
  int find(String name) {
    return names.indexOf(name);
  }

  /** The number of a component, which there has to be. */
  int index(String name) {
    int index = find(name);
    if (index < 0) {
      throw new IllegalArgumentException(this + " has no component " + name + " but " + names);
    }
    return index;
  }

  /** Refuses this record where it lacks a component of a name and a type. */
  void require(String name, String wanted) {
    int component = find(name);
    String now = component < 0 ? "none" : Names.of(type(component));
    if (!now.equals(wanted)) {
      throw new IllegalArgumentException(
          "expected a component " + name + " of type " + wanted + " but " + this + " has " + now);
    }
  }

  /** Whether a component is of a type that a column can have. */
  boolean isColumn(int component) {
    return TYPES.contains(types[component]) || types[component].isEnum();
  }

  IllegalArgumentException noColumn(int component, String instead) {
    return new IllegalArgumentException(
        this
            + "."
            + names.get(component)
            + " is of type "
            + Names.of(types[component])
            + ", which no column has: use String, double, int, long, boolean, their boxed types, an"
            + " enum or LocalDate"
            + instead);
  }

  /** What a row has in a component; null where that is missing, NaN too. */
  Object get(R row, int component) {
    try {
      Object value = accessors[component].invoke(row);
      return value instanceof Double number && number.isNaN() ? null : value;
    } catch (InvocationTargetException e) {
      throw new IllegalArgumentException(
          this + "." + names.get(component) + "() failed: " + e.getCause(), e.getCause());
    } catch (IllegalAccessException e) {
      throw new IllegalStateException("access was taken before", e);
    }
  }

  /** What each row has in a component, where no value may be missing. */
  Object[] values(List<R> rows, String name) {
    int component = index(name);
    Object[] values = new Object[checked(rows).size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = get(rows.get(i), component);
      if (values[i] == null) {
        throw new IllegalArgumentException("row " + i + ", " + name + ": the value is missing");
      }
    }
    return values;
  }

  /** The weight of each row, which a component says, with a mean of 1. */
  double[] weights(List<R> rows, String name) {
    Object[] values = values(rows, name);
    double[] w = new double[values.length];
    double sum = 0;
    for (int i = 0; i < w.length; i++) {
      w[i] = Column.number(name, Column.Kind.NUMBER, values[i], i);
      if (w[i] < 0) {
        throw new IllegalArgumentException(
            "row " + i + ", " + name + ": a weight must not be negative, got " + w[i]);
      }
      sum += w[i];
    }
    if (sum == 0) {
      throw new IllegalArgumentException(name + ": no row weighs anything");
    }
    for (int i = 0; i < w.length; i++) {
      w[i] *= w.length / sum;
    }
    return w;
  }

  /** A row of these values, one a component. */
  R make(Object[] values) {
    try {
      return constructor.newInstance(values);
    } catch (InvocationTargetException e) {
      throw new IllegalArgumentException(
          "the constructor of " + this + " failed: " + e.getCause(), e.getCause());
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("access was taken before", e);
    }
  }

  /** What a row is refused with that is too far out for a network to answer. */
  static IllegalArgumentException noAnswer(int row) {
    return new IllegalArgumentException(
        "row "
            + row
            + ": the network has no finite answer; is a number far from all of the training?");
  }

  /** Names that are written in different habits are equal: neither case nor these signs count. */
  static String plain(String name) {
    StringBuilder plain = new StringBuilder(name.length());
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      if (c != '_' && c != '-' && !Character.isWhitespace(c)) {
        plain.append(Character.toLowerCase(c));
      }
    }
    return plain.toString();
  }

  /** The rows, none of which may be null. */
  static <R> List<R> checked(List<R> rows) {
    for (int i = 0; i < rows.size(); i++) {
      if (rows.get(i) == null) {
        throw new IllegalArgumentException("row " + i + " is null");
      }
    }
    return rows;
  }

  @Override
  public String toString() {
    return Names.of(type);
  }
}
