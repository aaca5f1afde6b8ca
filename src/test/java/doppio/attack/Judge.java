package doppio.attack;

import doppio.attack.Targets.Target;
import doppio.nn.Parts;
import doppio.nn.Pass;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** Decides whether what came out of a call is something that a method may throw. */
record Judge(Sources sources) {
  /** What is wrong with an exception; empty if nothing is. */
  String fault(Target target, Object[] arguments, Throwable thrown) {
    if (Planted.isBehind(thrown)) {
      return "";
    }
    if (thrown instanceof OutOfMemoryError) {
      return Hostile.asksForMuch(arguments) ? "" : "no memory, though nobody asks for much";
    }
    if (thrown instanceof NullPointerException) {
      return names(target, thrown) ? "" : "which null is meant?";
    }
    if (documents(target, thrown)) {
      return "";
    }
    if (thrown instanceof IllegalArgumentException || thrown instanceof IllegalStateException) {
      boolean ofOurs = isOurs(thrown) || names(target, thrown);
      return ofOurs && thrown.getMessage() != null ? "" : "an exception of the JDK's own";
    }
    return "not one that the method may throw";
  }

  /** Whether the method declares it, or says in its javadoc that it throws it. */
  private boolean documents(Target target, Throwable thrown) {
    for (Class<?> declared : target.code().getExceptionTypes()) {
      if (declared.isInstance(thrown) && thrown instanceof IOException) {
        return true;
      }
    }
    Set<String> documented = sources.exceptions(target.type(), target.code());
    Class<?> type = thrown.getClass();
    if (thrown instanceof IndexOutOfBoundsException) {
      return type == IndexOutOfBoundsException.class && documented.contains(type.getSimpleName());
    }
    while (type != RuntimeException.class && type != Error.class && type != Throwable.class) {
      if (documented.contains(type.getSimpleName())) {
        return thrown.getMessage() != null;
      }
      type = type.getSuperclass();
    }
    return false;
  }

  /** Whether the library threw it, and not a method of the JDK that it called. */
  private static boolean isOurs(Throwable thrown) {
    StackTraceElement[] trace = thrown.getStackTrace();
    return trace.length == 0
        || trace[0].getClassName().startsWith("doppio.")
        || trace[0].getClassName().equals("java.lang.Enum");
  }

  /** Whether the message names one of the method's parameters, be it one of several. */
  private boolean names(Target target, Throwable thrown) {
    String message = thrown.getMessage();
    if (message == null) {
      return false;
    }
    if (Arrays.asList(target.code().getParameterTypes()).contains(Parts.class)
        && message.matches(".*because \"\\w+\" is null")) {
      // A part that is missing, by its name.
      return true;
    }
    if (message.matches(".*because the return value of \"(doppio|java\\.util\\.function)\\..*")) {
      // What a lambda or an object of the user's has returned.
      return true;
    }
    List<String> parameters = new ArrayList<>(sources.parameters(target.code()));
    if (target.type() == Pass.class) {
      // It only hands on what its child refuses, in the child's words.
      parameters.addAll(List.of("x", "gradOutput"));
    }
    String text = message.toLowerCase(Locale.ROOT);
    return parameters.stream()
        .map(name -> name.toLowerCase(Locale.ROOT).replaceFirst("(?<=...)s$", ""))
        .anyMatch(
            name ->
                name.endsWith(text)
                    || Pattern.compile("\\b" + name + "s?\\b").matcher(text).find());
  }
}
