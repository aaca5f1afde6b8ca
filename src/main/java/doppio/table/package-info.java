/**
 * From a program's records to answers: a record is the schema of a table, a {@link
 * doppio.table.Classifier} or a {@link doppio.table.Regressor} learns from a list of them.
 *
 * <pre>{@code
 * Classifier<Penguin> species = Classifier.of(Penguin.class, "species").seed(66).fit(rows);
 * String label = species.predict(penguin).label();
 * }</pre>
 *
 * <p>Rows of another library, of JDBC say, become records in one line:
 *
 * <pre>{@code
 * rows.add(new Passenger(result.getString("sex"), result.getObject("age", Double.class)));
 * }</pre>
 *
 * <p>A native image wants to be told of each record, in {@code
 * META-INF/native-image/reflect-config.json}:
 *
 * <pre>{@code
 * [{"name": "com.acme.Penguin", "allRecordComponents": true,
 *   "allDeclaredConstructors": true, "allDeclaredMethods": true}]
 * }</pre>
 */
package doppio.table;
